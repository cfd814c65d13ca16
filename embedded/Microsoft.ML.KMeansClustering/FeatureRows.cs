using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>The features and weights of all rows that can be used: kept in memory while they fit, read again on every pass otherwise.</summary>
internal sealed class FeatureRows(IHost host, IDataView data, string featureColumn, string weightColumn, long budgetBytes)
{
    private List<(float[] Features, float Weight)> _kept;
    private bool _wasRead;

    /// <summary>How many rows had features that are not finite in the first pass.</summary>
    public long MissingFeatureCount { get; private set; }

    /// <summary>How many rows could be used in the first pass.</summary>
    public long Count { get; private set; }

    public int Size { get; } = ((VectorDataViewType)data.Schema[featureColumn].Type).Size;

    /// <summary>One pass. The features belong to the enumeration: copy what is to be kept.</summary>
    public IEnumerable<(float[] Features, float Weight)> Read()
    {
        if (_kept is not null)
        {
            foreach (var row in _kept)
                yield return row;
            yield break;
        }

        var keeping = _wasRead ? null : new List<(float[] Features, float Weight)>();
        var values = new float[Size];
        using var cursor = new TrainingCursor(host, data, featureColumn, null, weightColumn);
        while (cursor.MoveNext())
        {
            cursor.Features.CopyTo(values);
            if (keeping is not null && keeping.Count * (long)Size * sizeof(float) < budgetBytes)
                keeping.Add(([.. values], cursor.Weight));
            else
                keeping = null;
            yield return (values, cursor.Weight);
        }
        (MissingFeatureCount, Count, _kept, _wasRead) = (cursor.BadFeaturesRowCount, cursor.KeptRowCount, keeping, true);
    }
}
