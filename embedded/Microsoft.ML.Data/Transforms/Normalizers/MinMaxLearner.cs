using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Least and greatest value of each slot. NaN is passed over; infinity counts.</summary>
internal sealed class MinMaxLearner<T> : NormalizerLearner<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _min;
    private readonly T[] _max;
    private readonly long[] _stored;

    public MinMaxLearner(IHost host, NormalizerColumn.MinMax column, DataViewRow row, DataViewSchema.Column source)
        : base(host, column, row, source)
    {
        _min = new T[Size];
        _max = new T[Size];
        _stored = new long[Size];
        Array.Fill(_min, T.PositiveInfinity);
        Array.Fill(_max, T.NegativeInfinity);
    }

    public override ColumnFunction MakeFunction()
    {
        var scales = new T[Size];
        var offsets = new T[Size];
        for (int slot = 0; slot < Size; slot++)
        {
            if (_stored[slot] < RowCount)
                Widen(slot, T.Zero);

            // A slot that never changes, or had no value, says nothing: its scale is 0.
            if (!(_max[slot] > _min[slot]))
                continue;
            scales[slot] = T.One / (FixZero ? T.Max(T.Abs(_max[slot]), T.Abs(_min[slot])) : _max[slot] - _min[slot]);
            if (!FixZero && scales[slot] != T.Zero)
                offsets[slot] = _min[slot];
        }
        return Affine(scales, offsets);
    }

    protected override void Process(int slot, T value)
    {
        _stored[slot]++;
        Widen(slot, value);
    }

    private void Widen(int slot, T value)
    {
        if (_max[slot] < value)
            _max[slot] = value;
        if (_min[slot] > value)
            _min[slot] = value;
    }
}
