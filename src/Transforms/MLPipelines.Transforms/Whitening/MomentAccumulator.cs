using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MLPipelines.Scoring;
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
/// Where libtorch may use several threads, they compute the panels of a full block, each panel on one thread, while the caller fills another block; the result does not
/// depend on their number. It agrees with two passes to about 1e-13 of the largest covariance, whatever the order of the rows. Accumulators of parts of the data are
/// joined by <see cref="Merge"/>. Memory: the matrix and two blocks of at most 32 MiB, or 64 rows. Not thread-safe: use one for each thread and merge.
/// </remarks>
public sealed class MomentAccumulator : IDisposable
{
    const int BlockBytes = 1 << 25;

    // Narrow panels waste little on the other triangle, wide ones use the processor better: an eighth of the matrix was fastest, 1.5 times the full product.
    const int Panels = 8;

    readonly Tensor _scatter; // float64 [D, D]: the upper triangle and the blocks on the diagonal
    readonly double[] _shift;
    readonly int _capacity;
    readonly int[] _panels;
    readonly int _width;
    MomentBlock _filling;
    MomentBlock? _spare;
    ComputeWork? _work;
    long _merged;
    bool _hasSingles;

    /// <summary>Makes an empty accumulator.</summary>
    /// <param name="dimension">The length of a vector, at least 1.</param>
    public MomentAccumulator(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        _capacity = (int)Math.Clamp(BlockBytes / (sizeof(double) * (long)dimension), 64, 8192);
        _width = Math.Clamp((dimension / Panels + 31) / 32 * 32, 64, 256);
        _panels = [.. Enumerable.Range(0, (dimension + _width - 1) / _width)];
        _shift = new double[dimension];
        _filling = new(_capacity, dimension);
        using var scope = NewDisposeScope();
        _scatter = zeros(dimension, dimension, ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>The length of a vector.</summary>
    public int Dimension => _shift.Length;

    /// <summary>Where the rows come from, for messages.</summary>
    internal string? Column { get; init; }

    /// <summary>How many rows have been added.</summary>
    public long Count => _merged + _filling.Count;

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
        Finish();
        other.Finish();
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
            AddOuterProduct(difference, Math.Sqrt((double)_merged / total * other._merged));
            TensorPrimitives.MultiplyAdd(difference, (double)other._merged / total, _shift, _shift);
        }

        _merged = total;
        _hasSingles |= other._hasSingles;
    }

    /// <summary>The statistics of all rows so far. More rows may follow.</summary>
    /// <exception cref="MLPipelines.Components.DataFormatException">There are no rows, or one is not finite.</exception>
    public VectorMoments ToMoments()
    {
        Finish();
        if (_merged == 0) throw Failures.NoVectors();
        using var scope = NewDisposeScope();
        var covariance = _scatter.triu().add(_scatter.triu(1).t()).div_(_merged);
        var values = MemoryMarshal.Cast<byte, double>(covariance.contiguous().bytes).ToArray();
        return TensorPrimitives.IsFiniteAll<double>(values) ? new(_merged, [.. _shift], values, _hasSingles) : throw Failures.VectorsTooLarge();
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        _work?.Dispose();
        _work = null;
        _filling.Dispose();
        _spare?.Dispose();
        _scatter.Dispose();
    }

    void AddRow<T>(ReadOnlySpan<T> row)
        where T : struct, INumberBase<T>
    {
        if (row.Length != Dimension) throw Failures.VectorLength(Dimension, row.Length);
        if (_filling.IsFull) Flush();
        _filling.Add(row, _shift, shiftIsRow: Count == 0);
    }

    /// <summary>Has the products of the block computed, and goes on with another block.</summary>
    void Flush()
    {
        if (_filling.Count == 0) return;
        _filling.RequireFinite(_merged, Column);
        AwaitProducts();
        var full = _filling;
        full.Close(_merged, _shift);
        _merged += full.Count;
        _work = ComputeThreads.Start(_panels, panel => full.AddPanel(_scatter, panel * _width, Math.Min(_width, Dimension - (panel * _width))));
        // Without other threads all is done by now.
        if (ComputeThreads.CanSplit) (_filling, _spare) = (_spare ?? new(_capacity, Dimension), full);
        _filling.Clear();
    }

    void Finish()
    {
        Flush();
        AwaitProducts();
    }

    void AwaitProducts()
    {
        if (_work is not { } work) return;
        _work = null;
        using (work) work.Wait();
    }

    void AddOuterProduct(double[] vector, double factor)
    {
        using var scope = NewDisposeScope();
        // The factor is not an argument of addmm_, which takes it as float32.
        var scaled = tensor(vector).mul_(factor);
        _scatter.addmm_(scaled.unsqueeze(1), scaled.unsqueeze(0));
    }
}
