using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The gradient of one parameter after a backward pass.</summary>
/// <param name="Values">All of it, in the parameter's shape; or, with <paramref name="Rows"/>, only these rows, [rows, …].</param>
/// <param name="Rows">Ascending indices along the first axis of the rows whose gradient is in <paramref name="Values"/>; all others are 0. Null when dense.</param>
public sealed record Gradient(Tensor Values, int[]? Rows) : IDisposable
{
    double? sumOfSquares;

    /// <summary>Takes the gradient that the backward pass left on a parameter; rows that occur more than once are added up.</summary>
    /// <returns>The gradient, or null where the parameter took no part.</returns>
    internal static Gradient? Of(Tensor parameter)
    {
        var grad = parameter.grad;
        return grad is null ? null : From(grad, parameter);
    }

    /// <summary>Takes over a gradient as autograd gives it; rows that occur more than once are added up.</summary>
    /// <param name="grad">The gradient, which is disposed with the result or at once.</param>
    /// <param name="parameter">What it is the gradient of.</param>
    internal static Gradient From(Tensor grad, Tensor parameter)
    {
        if (!grad.is_sparse) return new Gradient(grad, null);
        using (grad)
        {
            if (grad.device_type != DeviceType.CPU || grad.dtype != ScalarType.Float32 || parameter.Dimensions != 2) return new Gradient(grad.to_dense(), null);
            using var indices = grad.SparseIndices;                     // [1, N]
            using var rawValues = grad.SparseValues;                    // [N, H]
            using var values = rawValues.contiguous();
            return SumRows(MemoryMarshal.Cast<byte, long>(indices.bytes), PlainMemory.Floats(values), (int)parameter.shape[1]);
        }
    }

    static Gradient SumRows(ReadOnlySpan<long> indices, ReadOnlySpan<float> values, int width)
    {
        // Row in the high half, position in the low half: sorting groups equal rows and keeps their order, so the sum is reproducible.
        var order = new long[indices.Length];
        for (var i = 0; i < order.Length; i++) order[i] = indices[i] << 32 | (uint)i;
        Array.Sort(order);
        var rows = new List<int>(order.Length);
        foreach (var key in order)
        {
            if (rows.Count == 0 || rows[^1] != (int)(key >> 32)) rows.Add((int)(key >> 32));
        }

        var summed = zeros([rows.Count, width], ScalarType.Float32);
        var target = PlainMemory.Floats(summed);
        var slot = -1;
        var previous = -1L;
        foreach (var key in order)
        {
            if (key >> 32 != previous)
            {
                previous = key >> 32;
                slot++;
            }
            var sum = target.Slice(slot * width, width);
            TensorPrimitives.Add(sum, values.Slice((int)(uint)key * width, width), sum);
        }
        return new Gradient(summed, [.. rows]);
    }

    /// <summary>A gradient of which every row is 0.</summary>
    internal static Gradient Zero(Tensor parameter) => new(zeros([0, .. parameter.shape[1..]], parameter.dtype, parameter.device), []);

    /// <summary>All of it in the parameter's shape. Belongs to the caller's dispose scope where it is fresh; the caller changes and disposes nothing.</summary>
    internal Tensor Dense(Tensor parameter) =>
        Rows is { } rows ? zeros_like(parameter, requires_grad: false).index_add_(0, tensor(Array.ConvertAll(rows, row => (long)row), device: parameter.device), Values, 1) : Values;

    /// <summary>The sum of the squares of all elements, computed once. Not finite if any element is not.</summary>
    internal double SumOfSquares() => sumOfSquares ??= PlainMemory.IsPlain(Values) ? PlainMemory.SumOfSquares(Values) : SquaredNorm().ToDouble();

    /// <summary>The sum of the squares as a fresh float32 scalar on the device.</summary>
    Tensor SquaredNorm()
    {
        using var scope = NewDisposeScope();
        return Values.to(ScalarType.Float32).norm().square().MoveToOuterDisposeScope();
    }

    /// <summary>The sum of the squares of all elements of several gradients; what lies on a device is read back once.</summary>
    internal static double SumOfSquares(IReadOnlyCollection<Gradient> gradients)
    {
        using var scope = NewDisposeScope();
        var elsewhere = gradients.Where(g => !PlainMemory.IsPlain(g.Values)).GroupBy(g => g.Values.device.ToString());
        return gradients.Where(g => PlainMemory.IsPlain(g.Values)).Sum(g => g.SumOfSquares())
            + elsewhere.Sum(device => stack(device.Select(g => g.SquaredNorm())).sum().ToDouble());
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
