using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Evaluates a clustering in one pass over the data, and a second one for the scatter.</summary>
internal sealed class ClusteringEvaluator(IHostEnvironment env)
{
    private readonly IHost _host = env.Register(nameof(ClusteringEvaluator));

    public ClusteringMetrics Evaluate(IDataView data, string labelName, string scoreName, string featureName)
    {
        var score = Find(data, "Score", scoreName);
        if (score.Type is not VectorDataViewType { Size: > 0 } scoreType || scoreType.ItemType != NumberDataViewType.Single)
            throw _host.ExceptSchemaMismatch("schema", "score", scoreName, "known-size vector of Single", score.Type.ToString());
        DataViewSchema.Column? label = labelName is null ? null : Find(data, "Label", labelName);
        if (label is { } labels && labels.Type != NumberDataViewType.Single && labels.Type is not KeyDataViewType { Count: > 0 })
            throw _host.ExceptSchemaMismatch("schema", "label", labelName, "Single or Key", labels.Type.ToString());
        DataViewSchema.Column? features = featureName is null ? null : Find(data, "Feature", featureName);
        if (features is { } column && (column.Type is not VectorDataViewType { Size: > 0 } type || type.ItemType != NumberDataViewType.Single))
            throw _host.ExceptSchemaMismatch("schema", "features", featureName, "R4 vector of known size", column.Type.ToString());

        var counters = new ClusteringCounters(scoreType.Size, (features?.Type as VectorDataViewType)?.Size ?? 0);
        Read(data, score, label, features, scoreType.Size, counters.Add);
        if (features is not null)
            Read(data, score, null, features, scoreType.Size, (cluster, _, _, values) => counters.AddScatter(cluster, values));
        return new ClusteringMetrics(counters.NormalizedMutualInformation, counters.AverageDistance, counters.DaviesBouldinIndex);
    }

    private void Read(
        IDataView data, DataViewSchema.Column score, DataViewSchema.Column? label, DataViewSchema.Column? features, int clusters,
        Action<int, float, int, VBuffer<float>> add)
    {
        using var cursor = data.GetRowCursor(new[] { score, label, features }.OfType<DataViewSchema.Column>());
        var getScores = cursor.GetGetter<VBuffer<float>>(score);
        var getLabel = label is { } column ? LabelReader.Create(cursor, column) : () => float.NaN;
        var getFeatures = features is { } vector ? cursor.GetGetter<VBuffer<float>>(vector) : null;
        VBuffer<float> buffer = default, values = default;
        var scores = new float[clusters];
        while (cursor.MoveNext())
        {
            _host.CheckAlive();
            getScores(ref buffer);
            _host.Check(buffer.Length == clusters, "The number of scores differs between rows");
            buffer.CopyTo(scores);
            float value = getLabel();

            // Rows without a label count as those of the first one, as in ML.NET.
            int number = float.IsNaN(value) ? 0 : (int)value;
            _host.Check(float.IsNaN(value) || (number == value && number >= 0), $"Invalid label: {value}");
            if (!Array.TrueForAll(scores, float.IsFinite))
                continue;
            int cluster = Array.IndexOf(scores, scores.Min());
            getFeatures?.Invoke(ref values);
            add(cluster, scores[cluster], number, values);
        }
    }

    private DataViewSchema.Column Find(IDataView data, string role, string name)
        => data.Schema.GetColumnOrNull(name) ?? throw _host.ExceptParam("schema", $"{name} column '{role}' not found");
}
