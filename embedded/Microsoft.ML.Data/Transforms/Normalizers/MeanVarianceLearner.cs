using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Mean and variance of each slot in one pass, by Welford's update. Values that are not finite are passed over.</summary>
internal sealed class MeanVarianceLearner<T> : NormalizerLearner<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool _useCdf;
    private readonly double[] _mean;
    private readonly double[] _squares;
    private readonly long[] _nonZero;
    private readonly long[] _notFinite;

    public MeanVarianceLearner(IHost host, NormalizerColumn.MeanVariance column, DataViewRow row, DataViewSchema.Column source)
        : base(host, column, row, source)
    {
        _useCdf = column.UseCdf;
        _mean = new double[Size];
        _squares = new double[Size];
        _nonZero = new long[Size];
        _notFinite = new long[Size];
    }

    public override ColumnFunction MakeFunction()
    {
        var first = new T[Size];
        var second = new T[Size];
        for (int slot = 0; slot < Size; slot++)
        {
            long count = AddZeros(slot);

            // A slot that never changes says nothing: its scale is 0.
            if (_squares[slot] == 0)
                continue;
            double variance = _squares[slot] / count;
            (first[slot], second[slot]) = _useCdf ? (T.CreateTruncating(_mean[slot]), T.CreateTruncating(Math.Sqrt(variance))) : ScaleAndOffset(_mean[slot], variance);
        }
        return _useCdf ? Cdf(first, second) : Affine(first, second);
    }

    protected override void Process(int slot, T value)
    {
        if (T.IsZero(value))
            return;
        if (!T.IsFinite(value))
        {
            _notFinite[slot]++;
            return;
        }
        double number = double.CreateTruncating(value);
        double difference = number - _mean[slot];
        _mean[slot] += difference / ++_nonZero[slot];
        _squares[slot] += difference * (number - _mean[slot]);
    }

    private (T Scale, T Offset) ScaleAndOffset(double mean, double variance)
    {
        if (FixZero)
            return (T.One / T.CreateTruncating(Math.Sqrt(variance + (mean * mean))), T.Zero);
        var scale = T.One / T.CreateTruncating(Math.Sqrt(variance));
        return (scale, T.IsZero(scale) ? T.Zero : T.CreateTruncating(mean));
    }

    /// <returns>The number of finite values, zeros included.</returns>
    private long AddZeros(int slot)
    {
        long zeros = RowCount - _notFinite[slot] - _nonZero[slot];
        long count = _nonZero[slot] + zeros;
        if (zeros > 0)
        {
            double difference = 0 - _mean[slot];
            _mean[slot] += difference * zeros / count;
            _squares[slot] += difference * (0 - _mean[slot]) * zeros;
        }
        return count;
    }
}
