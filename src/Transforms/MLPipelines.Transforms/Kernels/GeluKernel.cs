using System.Numerics;
using static TorchSharp.torch;

namespace MLPipelines.Kernels;

/// <summary>Adds a bias and applies the exact Gaussian error linear unit, in one pass.</summary>
static unsafe class GeluKernel
{
    const int Block = 1024;

    /// <summary>Whether the kernel can be used on what is computed from a tensor.</summary>
    public static bool CanRun(Tensor input) => TensorRows.Suit(input);

    /// <summary>gelu(x + b), in place.</summary>
    /// <param name="x">[…, H], dense; overwritten.</param>
    /// <param name="bias">b, [H]; null is 0.</param>
    public static void Run(Tensor x, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var width = (int)x.shape[^1];
        var (rows, shift) = (new TensorRows(x), new TensorRows((bias ?? zeros(width)).to(ScalarType.Float32)));
        var scratch = stackalloc float[Block];
        for (long row = 0, count = x.numel(); row < count; row += width)
        {
            for (var at = 0; at < width; at += Block)
            {
                var size = Math.Min(Block, width - at);
                var values = rows.Read(row + at, scratch, size);
                Apply(values, shift.Read(at, null, size), size);
                rows.Write(row + at, values, size);
            }
        }
    }

    static void Apply(float* x, float* bias, int count)
    {
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(VectorMath.Gelu(Vector.Load(x + i) + Vector.Load(bias + i)), x + i);
        for (; i < count; i++) x[i] = VectorMath.Gelu(new(x[i] + bias[i]))[0];
    }
}
