using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Evaluates a classification into classes over one pass of the data.</summary>
internal sealed class MulticlassEvaluator(IHostEnvironment env, int topKPredictionCount)
{
    private readonly IHost _host = env.Register("MultiClassClassifierEvaluator");

    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelName, string scoreName, string predictedLabelName)
    {
        var label = Find(data, "Label", labelName);
        var score = Find(data, "Score", scoreName);
        Find(data, "PredictedLabel", predictedLabelName);
        if (score.Type is not VectorDataViewType { Size: >= 2 } scoreType || scoreType.ItemType != NumberDataViewType.Single)
            throw Mismatch("score", score, "vector of two or more items of type Single");
        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
            throw Mismatch("label", label, "Single or Key");

        var counters = new MulticlassCounters(scoreType.Size);
        using (var cursor = data.GetRowCursor([label, score]))
            Count(cursor, label, score, counters, scoreType.Size);
        var confusionMatrix = new ConfusionMatrix(_host, counters.Confusion, ClassNames(score, scoreType.Size));
        return new MulticlassClassificationMetrics(counters, topKPredictionCount, confusionMatrix);
    }

    private void Count(DataViewRowCursor cursor, DataViewSchema.Column label, DataViewSchema.Column score, MulticlassCounters counters, int classCount)
    {
        var getLabel = LabelReader.Create(cursor, label);
        var getScores = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> buffer = default;
        var scores = new float[classCount];
        while (cursor.MoveNext())
        {
            _host.CheckAlive();
            float value = getLabel();
            if (float.IsNaN(value) || value < 0 || value != (int)value)
                continue;
            getScores(ref buffer);
            _host.Check(buffer.Length == classCount, "The number of scores differs between rows");
            buffer.CopyTo(scores);
            if (Array.TrueForAll(scores, float.IsFinite))
                counters.Add((int)value, scores);
        }
    }

    private static string[] ClassNames(DataViewSchema.Column score, int classCount)
    {
        if (!score.HasSlotNames())
            return [.. Enumerable.Range(0, classCount).Select(i => i.ToString(CultureInfo.CurrentCulture))];
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private DataViewSchema.Column Find(IDataView data, string role, string name)
        => data.Schema.GetColumnOrNull(name) ?? throw _host.ExceptParam("schema", $"{name} column '{role}' not found");

    private Exception Mismatch(string role, DataViewSchema.Column column, string expected)
        => _host.ExceptSchemaMismatch("schema", role, column.Name, expected, column.Type.ToString());
}
