using System.Numerics;
using static TorchSharp.torch;

namespace MLPipelines.Kernels;

/// <summary>Adds a residual and normalises vectors while they are in the cache.</summary>
static unsafe class NormKernel
{
    /// <summary>Whether the kernel can be used.</summary>
    public static bool CanRun(Tensor residual, Tensor branch)
        => TensorRows.Suit(residual, branch) && residual.is_contiguous() && branch.is_contiguous() && branch.shape[^1] % Vector<float>.Count == 0
            && branch.shape[^1] <= TensorRows.LongestOnStack;

    /// <summary>(s − m)/√(mean (s − m)² + ε)·gain + offset with s = scale·residual + branch, where m is the mean of s or 0.</summary>
    /// <param name="residual">[…, H], dense.</param>
    /// <param name="scale">The factor of the residual.</param>
    /// <param name="branch">[…, H], dense; overwritten.</param>
    /// <param name="centre">Whether the mean is subtracted.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="gain">[H]; null is 1.</param>
    /// <param name="offset">[H]; null is 0.</param>
    /// <returns>A new handle to the branch, which holds the result.</returns>
    public static Tensor Run(Tensor residual, double scale, Tensor branch, bool centre, double epsilon, Tensor? gain = null, Tensor? offset = null)
    {
        using var scope = NewDisposeScope();
        var width = (int)branch.shape[^1];
        var (x, y) = (new TensorRows(residual), new TensorRows(branch));
        var factors = (gain ?? ones(width)).to(ScalarType.Float32);
        var offsets = (offset ?? zeros(width)).to(ScalarType.Float32);
        var (factor, shift) = (new TensorRows(factors), new TensorRows(offsets));
        float* left = stackalloc float[width], right = stackalloc float[width];
        for (long at = 0, count = branch.numel(); at < count; at += width)
        {
            var sum = y.Read(at, right, width);
            Normalize(x.Read(at, left, width), (float)scale, sum, width, centre, epsilon, factor.Read(0, null, width), shift.Read(0, null, width));
            y.Write(at, sum, width);
        }

        return branch.alias().MoveToOuterDisposeScope();
    }

    static void Normalize(float* residual, float scale, float* values, int width, bool centre, double epsilon, float* gain, float* offset)
    {
        Vector<float> total = default, squares = default, scales = new(scale);
        for (var i = 0; i < width; i += Vector<float>.Count)
        {
            var sum = Vector.MultiplyAddEstimate(Vector.Load(residual + i), scales, Vector.Load(values + i));
            total += sum;
            Vector.Store(sum, values + i);
        }

        var mean = centre ? new Vector<float>(Vector.Sum(total) / width) : default;
        for (var i = 0; i < width; i += Vector<float>.Count)
        {
            var distance = Vector.Load(values + i) - mean;
            squares = Vector.MultiplyAddEstimate(distance, distance, squares);
        }

        var factor = new Vector<float>((float)(1 / Math.Sqrt((Vector.Sum(squares) / width) + epsilon)));
        for (var i = 0; i < width; i += Vector<float>.Count)
        {
            var value = (Vector.Load(values + i) - mean) * factor;
            Vector.Store(Vector.MultiplyAddEstimate(value, Vector.Load(gain + i), Vector.Load(offset + i)), values + i);
        }
    }
}
