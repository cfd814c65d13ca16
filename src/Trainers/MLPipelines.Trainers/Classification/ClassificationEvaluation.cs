using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Schema;
using static Microsoft.ML.SchemaShape.Column;

namespace MLPipelines.Trainers.Classification;

/// <summary>One pass over scored data.</summary>
static class ClassificationEvaluation
{
    public static ClassificationMetrics Run(IDataView data, string labelColumn, string scoreColumn, string predictedLabelColumn)
    {
        var key = new KeyDataViewType(typeof(uint), 1);
        new SchemaContract(
            ColumnSpec.RequiredAny(labelColumn, "label", (key, VectorKind.Scalar), (TextDataViewType.Instance, VectorKind.Scalar)),
            ColumnSpec.Required(scoreColumn, "score", NumberDataViewType.Single, VectorKind.Vector),
            ColumnSpec.Required(predictedLabelColumn, "predicted label", key)).Check(data.Schema);

        var classes = new ClassSet(KeyNames.Of(data.Schema[predictedLabelColumn]));
        string[] names = [labelColumn, scoreColumn, predictedLabelColumn];
        using var cursor = data.GetRowCursor(data.Schema.Where(column => !column.IsHidden && names.Contains(column.Name)));
        var label = classes.CreateReader(cursor, labelColumn);
        var (getScores, getPredicted) = (cursor.GetGetter<VBuffer<float>>(cursor.Schema[scoreColumn]), cursor.GetGetter<uint>(cursor.Schema[predictedLabelColumn]));
        var counter = new ClassificationCounter(classes.Names);
        VBuffer<float> scores = default;
        uint predicted = 0;
        for (var row = 1L; cursor.MoveNext(); row++)
        {
            var gold = label(row);
            getScores(ref scores);
            getPredicted(ref predicted);
            if (predicted == 0) throw TrainerErrors.Row("the predicted label is missing", row, "a key", "a missing key");
            counter.Add(gold, (int)predicted - 1, scores.GetItemOrDefault(gold));
        }
        return counter.Result();
    }
}
