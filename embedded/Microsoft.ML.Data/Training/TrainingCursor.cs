using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Reads the rows that a trainer can use, as ML.NET chooses them: label and features finite, weight above 0 and finite. The others are counted.</summary>
internal sealed class TrainingCursor : IDisposable
{
    private readonly IHost _host;
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly Func<float> _getLabel;
    private readonly ValueGetter<float> _getWeight;
    private VBuffer<float> _features;
    private float _weight = 1;

    /// <param name="host">The trainer's.</param>
    /// <param name="data">The rows.</param>
    /// <param name="featureColumn">A vector of known size of Single.</param>
    /// <param name="labelColumn">A key; null where there is none.</param>
    /// <param name="weightColumn">Null where all weights are 1.</param>
    public TrainingCursor(IHost host, IDataView data, string featureColumn, string labelColumn, string weightColumn)
    {
        _host = host;
        var features = data.Schema[featureColumn];
        var columns = new List<DataViewSchema.Column> { features };
        DataViewSchema.Column? label = labelColumn is null ? null : data.Schema[labelColumn];
        DataViewSchema.Column? weight = weightColumn is null ? null : data.Schema[weightColumn];
        columns.AddRange(new[] { label, weight }.OfType<DataViewSchema.Column>());
        _cursor = data.GetRowCursor(columns);
        _getFeatures = _cursor.GetGetter<VBuffer<float>>(features);
        _getLabel = label is { } labels ? LabelReader.Create(_cursor, labels) : null;
        _getWeight = weight is { } weights ? _cursor.GetGetter<float>(weights) : null;
    }

    /// <summary>Belongs to the cursor: copy what is to be kept.</summary>
    public ref readonly VBuffer<float> Features => ref _features;

    /// <summary>Counted from 0.</summary>
    public int Label { get; private set; }

    public float Weight => _weight;

    public long KeptRowCount { get; private set; }

    public long SkippedRowCount { get; private set; }

    /// <summary>How many of the skipped rows had features that are not finite and nothing else wrong.</summary>
    public long BadFeaturesRowCount { get; private set; }

    public bool MoveNext()
    {
        while (_cursor.MoveNext())
        {
            _host.CheckAlive();
            if (Accept())
            {
                KeptRowCount++;
                return true;
            }
            SkippedRowCount++;
        }
        return false;
    }

    public void Dispose() => _cursor.Dispose();

    private bool Accept()
    {
        if (_getLabel is not null)
        {
            float label = _getLabel();
            if (!float.IsFinite(label))
                return false;
            Label = (int)label;
        }
        _getWeight?.Invoke(ref _weight);
        if (!(_weight > 0 && float.IsFinite(_weight)))
            return false;
        _getFeatures(ref _features);
        if (!_features.GetValues().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            return true;
        BadFeaturesRowCount++;
        return false;
    }
}
