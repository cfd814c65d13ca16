using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLPipelines.Whitening;

/// <summary>Mean and covariance of any number of vectors in one pass, in float64.</summary>
/// <remarks>
/// Rows are collected in blocks as float64 differences from the mean of all earlier rows, so values with a large mean lose nothing. A block X of n rows, whose mean
/// about that shift is m, enters the scatter matrix as
/// <code>S += XᵀX − n²/(N + n) · m mᵀ,   mean = shift + n/(N + n) · m</code>
/// where N is the number of earlier rows; a block that has more rows than came before, as the first one, is centered about its own mean first, and then the correction
/// is + N n/(N + n) · m mᵀ. So no step cancels much. The product is one symmetric rank-k update, computed panel by panel so that only the upper triangle is paid for.
/// The result agrees with two passes to about 1e-13 of the largest covariance, whatever the order of the rows. Accumulators of parts of the data are joined by
/// <see cref="Merge"/>. Memory: the matrix and one block of at most 32 MiB, or 64 rows. Not thread-safe: use one for each thread and merge.
/// </remarks>
public sealed class MomentAccumulator : IDisposable
{
    const int BlockBytes = 1 << 25;

    // Narrow panels waste little on the other triangle, wide ones use the processor better: an eighth of the matrix was fastest, 1.5 times the full product.
    const int Panels = 8;

    readonly Tensor _block; // float64 [R, D]
    readonly Tensor _scatter; // float64 [D, D]: the upper triangle and the blocks on the diagonal
    readonly double[] _shift;
    readonly double[] _sum;
    readonly int _capacity;
    long _merged;
    int _filled;
    bool _hasSingles;

    /// <summary>Makes an empty accumulator.</summary>
    /// <param name="dimension">The length of a vector, at least 1.</param>
    public MomentAccumulator(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        _capacity = (int)Math.Clamp(BlockBytes / (sizeof(double) * (long)dimension), 64, 8192);
        (_shift, _sum) = (new double[dimension], new double[dimension]);
        using var scope = NewDisposeScope();
        _scatter = zeros(dimension, dimension, ScalarType.Float64).DetachFromDisposeScope();
        _block = empty(_capacity, dimension, ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>The length of a vector.</summary>
    public int Dimension => _shift.Length;

    /// <summary>Where the rows come from, for messages.</summary>
    internal string? Column { get; init; }

    /// <summary>How many rows have been added.</summary>
    public long Count => _merged + _filled;

    /// <summary>Adds one row.</summary>
    /// <remarks>Rows that are not finite are found when a block is full, or when the result is asked for.</remarks>
    /// <param name="row">The vector.</param>
    /// <exception cref="MLPipelines.Components.DataFormatException">A row of this or of an earlier call is not finite; the message says which.</exception>
    public void Add(ReadOnlySpan<float> row)
    {
        AddRow(row);
        _hasSingles = true;
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{float})"/>
    public void Add(ReadOnlySpan<double> row) => AddRow(row);

    /// <summary>Adds all rows of another accumulator, as if they followed the rows of this one.</summary>
    /// <param name="other">The other accumulator, of the same dimension; its statistics stay what they are.</param>
    public void Merge(MomentAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Dimension != Dimension) throw Failures.VectorLength(Dimension, other.Dimension);
        Flush();
        other.Flush();
        if (other._merged == 0) return;
        using var scope = NewDisposeScope();
        var total = _merged + other._merged;
        _scatter.add_(other._scatter);
        if (_merged == 0)
        {
            other._shift.CopyTo(_shift, 0);
        }
        else
        {
            var difference = new double[Dimension];
            TensorPrimitives.Subtract(other._shift, _shift, difference);
            AddOuterProduct(difference, Math.Sqrt((double)_merged / total * other._merged), sign: 1);
            TensorPrimitives.MultiplyAdd(difference, (double)other._merged / total, _shift, _shift);
        }

        _merged = total;
        _hasSingles |= other._hasSingles;
    }

    /// <summary>The statistics of all rows so far. More rows may follow.</summary>
    /// <exception cref="MLPipelines.Components.DataFormatException">There are no rows, or one is not finite.</exception>
    public VectorMoments ToMoments()
    {
        Flush();
        if (_merged == 0) throw Failures.NoVectors();
        using var scope = NewDisposeScope();
        var covariance = _scatter.triu().add(_scatter.triu(1).t()).div_(_merged);
        var values = MemoryMarshal.Cast<byte, double>(covariance.contiguous().bytes).ToArray();
        return TensorPrimitives.IsFiniteAll<double>(values) ? new(_merged, [.. _shift], values, _hasSingles) : throw Failures.VectorsTooLarge();
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        _block.Dispose();
        _scatter.Dispose();
    }

    void AddRow<T>(ReadOnlySpan<T> row)
        where T : struct, INumberBase<T>
    {
        if (row.Length != Dimension) throw Failures.VectorLength(Dimension, row.Length);
        if (_filled == _capacity) Flush();
        var target = MemoryMarshal.Cast<byte, double>(_block.bytes).Slice(_filled * Dimension, Dimension);
        TensorPrimitives.ConvertTruncating<T, double>(row, target);
        if (Count == 0) target.CopyTo(_shift);
        TensorPrimitives.Subtract<double>(target, _shift, target);
        TensorPrimitives.Add<double>(_sum, target, _sum);
        _filled++;
    }

    void Flush()
    {
        if (_filled == 0) return;
        RequireFinite();
        using var scope = NewDisposeScope();
        var total = _merged + _filled;
        TensorPrimitives.Divide(_sum, _filled, _sum);
        var outweighs = _filled > _merged;
        if (outweighs) CenterBlock();
        var rows = _block.narrow(0, 0, _filled); // [n, D]
        var step = Math.Clamp((Dimension / Panels + 31) / 32 * 32, 64, 256);
        for (var panel = 0; panel < Dimension; panel += step)
        {
            var width = Math.Min(step, Dimension - panel);
            var right = rows.narrow(1, panel, Dimension - panel); // [n, D - panel]
            _scatter.narrow(0, panel, width).narrow(1, panel, Dimension - panel).addmm_(right.narrow(1, 0, width).t(), right);
        }

        if (outweighs) AddOuterProduct(_sum, Math.Sqrt((double)_merged / total * _filled), sign: 1);
        else AddOuterProduct(_sum, _filled / Math.Sqrt(total), sign: -1);
        TensorPrimitives.MultiplyAdd(_sum, (double)_filled / total, _shift, _shift);
        Array.Clear(_sum);
        (_merged, _filled) = (total, 0);
    }

    // The mean of fewer rows than the block has may be far from it, and then the correction would cancel most of the product.
    void CenterBlock()
    {
        var values = MemoryMarshal.Cast<byte, double>(_block.bytes);
        for (var row = 0; row < _filled; row++)
        {
            var vector = values.Slice(row * Dimension, Dimension);
            TensorPrimitives.Subtract<double>(vector, _sum, vector);
        }
    }

    // The factor is not an argument of addmm_, which takes it as float32.
    void AddOuterProduct(double[] vector, double factor, int sign)
    {
        using var scope = NewDisposeScope();
        var scaled = tensor(vector).mul_(factor);
        _scatter.addmm_(scaled.unsqueeze(1), scaled.unsqueeze(0), alpha: sign);
    }

    // The sum tells whether anything is wrong; which row it was matters only then. When the first row of all is not finite, the shift is not either.
    void RequireFinite()
    {
        if (TensorPrimitives.IsFiniteAll<double>(_sum)) return;
        var values = MemoryMarshal.Cast<byte, double>(_block.bytes);
        for (var row = 0; row < _filled; row++)
        {
            var vector = values.Slice(row * Dimension, Dimension);
            for (var slot = 0; slot < Dimension; slot++)
                if (!double.IsFinite(vector[slot])) throw Failures.VectorNotFinite(_merged + row + 1, slot, Column);
        }

        throw Failures.VectorsTooLarge();
    }
}
