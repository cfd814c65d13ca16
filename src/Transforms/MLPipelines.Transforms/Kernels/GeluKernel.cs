using System.Numerics;
using static TorchSharp.torch;

namespace MLPipelines.Kernels;

/// <summary>The exact Gaussian error linear unit in one pass.</summary>
static unsafe class GeluKernel
{
    const int Block = 1024;

    /// <summary>Whether the kernel can be used.</summary>
    public static bool CanRun(Tensor x) => TensorRows.Suit(x) && x.is_contiguous();

    /// <summary>Applies it in place.</summary>
    /// <param name="x">Dense, any shape.</param>
    public static void Run(Tensor x)
    {
        var rows = new TensorRows(x);
        var scratch = stackalloc float[Block];
        var count = x.numel();
        for (var at = 0L; at < count; at += Block)
        {
            var size = (int)Math.Min(Block, count - at);
            var values = rows.Read(at, scratch, size);
            Apply(values, size);
            rows.Write(at, values, size);
        }
    }

    static void Apply(float* x, int count)
    {
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(VectorMath.Gelu(Vector.Load(x + i)), x + i);
        for (; i < count; i++) x[i] = VectorMath.Gelu(new(x[i]))[0];
    }
}
