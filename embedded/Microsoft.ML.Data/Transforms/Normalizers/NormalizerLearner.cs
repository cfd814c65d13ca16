using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Looks at the values of one column, row by row, and makes the function that normalizes them.</summary>
internal abstract class NormalizerLearner
{
    /// <summary>Looks at the current row; false where no more are wanted.</summary>
    public abstract bool ProcessRow();

    public abstract ColumnFunction MakeFunction();
}

/// <summary>A learner of a column of Single or Double; a scalar is a vector of one slot.</summary>
internal abstract class NormalizerLearner<T> : NormalizerLearner
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IHost _host;
    private readonly ValueGetter<T> _getValue;
    private readonly ValueGetter<VBuffer<T>> _getVector;
    private VBuffer<T> _buffer;
    private long _wanted;

    protected NormalizerLearner(IHost host, NormalizerColumn column, DataViewRow row, DataViewSchema.Column source)
    {
        _host = host;
        _wanted = column.MaximumExampleCount;
        FixZero = column.FixZero;
        IsVector = source.Type is VectorDataViewType;
        Size = source.Type.GetValueCount();
        if (IsVector)
            _getVector = row.GetGetter<VBuffer<T>>(source);
        else
            _getValue = row.GetGetter<T>(source);
        _buffer = new VBuffer<T>(1, new T[1]);
    }

    protected bool FixZero { get; }

    protected bool IsVector { get; }

    protected int Size { get; }

    /// <summary>How many rows were looked at.</summary>
    protected long RowCount { get; private set; }

    public sealed override bool ProcessRow()
    {
        // As in ML.NET, the value is fetched although it may not be wanted.
        if (IsVector)
            _getVector(ref _buffer);
        else
            _getValue(ref VBufferEditor.CreateFromBuffer(ref _buffer).Values[0]);
        if (_wanted == 0)
            return false;
        _wanted--;
        RowCount++;
        if (_buffer.Length != Size)
            throw _host.Except($"Normalizer expected {Size} slots but got {_buffer.Length}");
        var values = _buffer.GetValues();
        var slots = _buffer.GetIndices();
        for (int i = 0; i < values.Length; i++)
            Process(_buffer.IsDense ? i : slots[i], values[i]);
        return true;
    }

    /// <summary>Looks at a stored value; those that are not stored are 0.</summary>
    protected abstract void Process(int slot, T value);

    /// <summary>v ↦ (v − offset)·scale; an offset of 0 in all slots of a vector is none.</summary>
    protected AffineFunction<T> Affine(T[] scales, T[] offsets)
    {
        bool none = IsVector && (FixZero || Array.TrueForAll(offsets, T.IsZero));
        return new AffineFunction<T>(_host, IsVector, scales, none ? null : offsets);
    }

    protected CdfFunction<T> Cdf(T[] means, T[] deviations) => new(_host, IsVector, means, deviations, useLog: false);
}
