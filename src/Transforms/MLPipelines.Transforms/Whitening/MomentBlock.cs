using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLPipelines.Whitening;

/// <summary>Some rows of a <see cref="MomentAccumulator"/>, as float64 differences from a shift, on their way into its scatter matrix.</summary>
sealed unsafe class MomentBlock : IDisposable
{
    readonly Tensor _rows; // float64 [R, D]
    readonly Tensor _mean; // float64 [1, D]
    readonly double* _values;
    readonly double[] _sum;
    readonly int _capacity;
    int _sign;

    public MomentBlock(int capacity, int dimension)
    {
        (_capacity, _sum) = (capacity, new double[dimension]);
        using var scope = NewDisposeScope();
        _rows = empty(capacity, dimension, ScalarType.Float64).DetachFromDisposeScope();
        _mean = empty(1, dimension, ScalarType.Float64).DetachFromDisposeScope();
        _values = (double*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_rows.bytes));
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == _capacity;

    int Dimension => _sum.Length;

    Span<double> Row(int row) => new(_values + ((long)row * Dimension), Dimension);

    /// <summary>Adds a row.</summary>
    /// <param name="row">The vector.</param>
    /// <param name="shift">What is subtracted, the same for all rows of the block.</param>
    /// <param name="shiftIsRow">Whether the row is to become the shift.</param>
    public void Add<T>(ReadOnlySpan<T> row, double[] shift, bool shiftIsRow)
        where T : struct, INumberBase<T>
    {
        var target = Row(Count);
        TensorPrimitives.ConvertTruncating<T, double>(row, target);
        if (shiftIsRow) target.CopyTo(shift);
        TensorPrimitives.Subtract<double>(target, shift, target);
        TensorPrimitives.Add<double>(_sum, target, _sum);
        Count++;
    }

    /// <summary>Refuses rows that are not finite.</summary>
    /// <param name="before">How many rows came before, for the message.</param>
    /// <param name="column">Where they come from, for the message.</param>
    public void RequireFinite(long before, string? column)
    {
        // The sum tells whether anything is wrong; which row it was matters only then. When the first row of all is not finite, the shift is not either.
        if (TensorPrimitives.IsFiniteAll<double>(_sum)) return;
        for (var row = 0; row < Count; row++)
        {
            var vector = Row(row);
            for (var slot = 0; slot < vector.Length; slot++)
                if (!double.IsFinite(vector[slot])) throw Failures.VectorNotFinite(before + row + 1, slot, column);
        }

        throw Failures.VectorsTooLarge();
    }

    /// <summary>Prepares for <see cref="AddPanel"/>, and moves the shift from the mean of the rows before to the mean of those and these.</summary>
    /// <param name="before">N, how many rows came before.</param>
    /// <param name="shift">Their mean, which was subtracted from these.</param>
    public void Close(long before, double[] shift)
    {
        var total = before + Count;
        TensorPrimitives.Divide(_sum, Count, _sum);
        // The mean of fewer rows than the block has may be far from the block's, and then the correction would cancel most of the product.
        var outweighs = Count > before;
        for (var row = 0; outweighs && row < Count; row++) TensorPrimitives.Subtract<double>(Row(row), _sum, Row(row));
        _sign = outweighs ? 1 : -1;
        TensorPrimitives.Multiply(_sum, outweighs ? Math.Sqrt((double)before / total * Count) : Count / Math.Sqrt(total), MemoryMarshal.Cast<byte, double>(_mean.bytes));
        TensorPrimitives.MultiplyAdd(_sum, (double)Count / total, shift, shift);
    }

    /// <summary>Adds the products of a closed block to some rows of the upper triangle. Different rows may be added to on different threads.</summary>
    /// <param name="scatter">[D, D].</param>
    /// <param name="first">The first row of the matrix.</param>
    /// <param name="count">How many rows.</param>
    public void AddPanel(Tensor scatter, int first, int count)
    {
        using var scope = NewDisposeScope();
        var target = scatter.narrow(0, first, count).narrow(1, first, Dimension - first);
        var right = _rows.narrow(0, 0, Count).narrow(1, first, Dimension - first); // [n, D - first]
        target.addmm_(right.narrow(1, 0, count).t(), right);
        // Its factor is in the mean, for an argument of addmm_ is taken as float32.
        var mean = _mean.narrow(1, first, Dimension - first);
        target.addmm_(mean.narrow(1, 0, count).t(), mean, alpha: _sign);
    }

    /// <summary>Makes room for other rows.</summary>
    public void Clear()
    {
        Array.Clear(_sum);
        Count = 0;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _mean.Dispose();
    }
}
