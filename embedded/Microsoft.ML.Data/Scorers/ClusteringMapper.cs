using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Computes the columns of a clustering: the number of the nearest cluster, counted from 1, and the distance to each.</summary>
internal sealed class ClusteringMapper(IHost host, DataViewSchema inputSchema, DataViewSchema.Column features, IVectorModel model) : RowMapper(host, inputSchema)
{
    private const string Kind = "Clustering";
    private const int PredictedLabel = 0;

    protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() =>
    [
        new("PredictedLabel", new KeyDataViewType(typeof(uint), model.OutputSize), AnnotationUtils.OfScore(InputSchema, Kind, "PredictedLabel")),
        new("Score", new VectorDataViewType(NumberDataViewType.Single, model.OutputSize), AnnotationUtils.OfScore(InputSchema, Kind, "Score")),
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
            value = (uint)(IndexOfSmallest(scores) + 1);
        });
    }

    /// <summary>−1, that is the missing key, where a score is not a number.</summary>
    private static int IndexOfSmallest(ReadOnlySpan<float> scores)
    {
        int smallest = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]))
                return -1;
            if (scores[i] < scores[smallest])
                smallest = i;
        }
        return smallest;
    }
}
