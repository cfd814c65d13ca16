using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>The features and weights of all rows without missing values: kept in memory while they fit, read again on every pass otherwise.</summary>
internal sealed class FeatureRows(IHost host, IDataView data, string featureColumn, string weightColumn, long budgetBytes)
{
    private readonly int _size = ((VectorDataViewType)data.Schema[featureColumn].Type).Size;
    private List<(float[] Features, float Weight)> _kept;

    /// <summary>How many rows had missing values in the first pass.</summary>
    public long Skipped { get; private set; }

    /// <summary>How many rows there were in the first pass.</summary>
    public long Count { get; private set; }

    public int Size => _size;

    /// <summary>One pass. The features belong to the enumeration: copy what is to be kept.</summary>
    public IEnumerable<(float[] Features, float Weight)> Read()
    {
        bool first = Count == 0 && Skipped == 0;
        if (_kept is not null)
        {
            foreach (var row in _kept)
                yield return row;
            yield break;
        }

        var keeping = first ? new List<(float[] Features, float Weight)>() : null;
        long skipped = 0;
        long count = 0;
        foreach (var row in FromData(() => skipped++))
        {
            count++;
            if (keeping is not null && keeping.Count * (long)_size * sizeof(float) < budgetBytes)
                keeping.Add(([.. row.Features], row.Weight));
            else
                keeping = null;
            yield return row;
        }
        (Skipped, Count, _kept) = (skipped, count, keeping);
    }

    private IEnumerable<(float[] Features, float Weight)> FromData(Action skip)
    {
        var features = data.Schema[featureColumn];
        DataViewSchema.Column? weights = weightColumn is null ? null : data.Schema[weightColumn];
        using var cursor = data.GetRowCursor(new[] { features, weights }.OfType<DataViewSchema.Column>());
        var getFeatures = cursor.GetGetter<VBuffer<float>>(features);
        var getWeight = weights is { } column ? cursor.GetGetter<float>(column) : null;
        VBuffer<float> buffer = default;
        var values = new float[_size];
        float weight = 1;
        while (cursor.MoveNext())
        {
            host.CheckAlive();
            getFeatures(ref buffer);
            buffer.CopyTo(values);
            getWeight?.Invoke(ref weight);
            if (Array.TrueForAll(values, float.IsFinite) && float.IsFinite(weight))
                yield return (values, weight);
            else
                skip();
        }
    }
}
