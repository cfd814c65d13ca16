using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Computes the columns of a classification: the class with the highest score, counted from 1, and the score of each. Both tell the names of the classes.</summary>
internal sealed class MulticlassMapper(
    IHost host, DataViewSchema inputSchema, DataViewSchema.Column features, IVectorModel model, DataViewSchema.Column? trainLabel, string scoreColumn, string predictedLabelColumn)
    : RowMapper(host, inputSchema)
{
    private const string Kind = "MulticlassClassification";
    private const int PredictedLabel = 0;

    protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() =>
    [
        new(predictedLabelColumn, new KeyDataViewType(typeof(uint), model.OutputSize),
            AnnotationUtils.OfScore(InputSchema, Kind, "PredictedLabel", builder => AddNames(builder, AnnotationUtils.Kinds.KeyValues))),
        new(scoreColumn, new VectorDataViewType(NumberDataViewType.Single, model.OutputSize), AnnotationUtils.OfScore(InputSchema, Kind, "Score", builder =>
        {
            AddNames(builder, AnnotationUtils.Kinds.SlotNames);
            AddNames(builder, AnnotationUtils.Kinds.TrainingLabelValues);
        })),
    ];

    public override IEnumerable<int> Dependencies(int output) => [features.Index];

    public override Delegate MakeGetter(DataViewRow input, int output)
    {
        var getFeatures = input.GetGetter<VBuffer<float>>(input.Schema[features.Index]);
        VBuffer<float> buffer = default;
        if (output != PredictedLabel)
        {
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                getFeatures(ref buffer);
                var editor = VBufferEditor.Create(ref value, model.OutputSize);
                model.Map(in buffer, editor.Values);
                value = editor.Commit();
            });
        }

        var scores = new float[model.OutputSize];
        return (ValueGetter<uint>)((ref uint value) =>
        {
            getFeatures(ref buffer);
            model.Map(in buffer, scores);
            value = (uint)(IndexOfGreatest(scores) + 1);
        });
    }

    /// <summary>The first of the greatest; NaN is never greater. −1, that is the missing key, where all are NaN.</summary>
    private static int IndexOfGreatest(ReadOnlySpan<float> scores)
    {
        int greatest = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!float.IsNaN(scores[i]) && (greatest < 0 || scores[i] > scores[greatest]))
                greatest = i;
        }
        return greatest;
    }

    /// <summary>The key values of the label that the model was trained with; as slot names only where they are texts.</summary>
    private void AddNames(DataViewSchema.Annotations.Builder builder, string kind)
    {
        if (trainLabel?.Annotations is not { } annotations || annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is not { } names
            || names.Type is not VectorDataViewType type || type.Size != model.OutputSize
            || (kind == AnnotationUtils.Kinds.SlotNames && type.ItemType is not TextDataViewType))
            return;
        builder.Add(kind, type, GenericCall.Invoke<Delegate>(GetterOf<int>, type.ItemType.RawType, annotations, names));
    }

    private static Delegate GetterOf<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column names) => annotations.GetGetter<VBuffer<T>>(names);
}
