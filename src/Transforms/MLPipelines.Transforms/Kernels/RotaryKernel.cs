using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MLPipelines.Kernels;

/// <summary>Rotates adjacent pairs of features by the position of their vector, in one pass.</summary>
static unsafe class RotaryKernel
{
    /// <summary>Whether the kernel can be used.</summary>
    public static bool CanRun(Tensor vectors) => TensorRows.Suit(vectors) && vectors.shape[^1] % Vector256<float>.Count == 0 && vectors.shape[^1] <= TensorRows.LongestOnStack;

    /// <summary>Rotates.</summary>
    /// <param name="vectors">[B, T, N, D] with dense vectors.</param>
    /// <param name="bias">Float32 [N, D], added before; null is 0.</param>
    /// <param name="turns">Float32 [≥ T, D/2, 2]: cos mθᵢ and sin mθᵢ.</param>
    /// <returns>[B, T, N, D], fresh.</returns>
    public static Tensor Run(Tensor vectors, Tensor? bias, Tensor turns)
    {
        var (batch, length, heads, width) = (vectors.shape[0], vectors.shape[1], vectors.shape[2], (int)vectors.shape[3]);
        var result = empty(vectors.shape, vectors.dtype);
        using var shift = bias?.contiguous() ?? zeros(heads, width);
        var (from, to, table, offsets) = (new TensorRows(vectors), new TensorRows(result), new TensorRows(turns), new TensorRows(shift));
        var (batchStride, lengthStride, headStride) = (vectors.stride(0), vectors.stride(1), vectors.stride(2));
        float* input = stackalloc float[width], output = stackalloc float[width];
        var at = 0L;
        for (var b = 0L; b < batch; b++)
        {
            for (var t = 0L; t < length; t++)
            {
                var turn = table.Read(t * width, null, width);
                for (var n = 0L; n < heads; n++, at += width)
                {
                    var x = from.Read((b * batchStride) + (t * lengthStride) + (n * headStride), input, width);
                    var y = to.Target(at, output);
                    Rotate(x, offsets.Read(n * width, null, width), turn, y, width);
                    to.Write(at, y, width);
                }
            }
        }

        return result;
    }

    static void Rotate(float* x, float* bias, float* turn, float* y, int width)
    {
        var signs = Vector256.Create(-1f, 1f, -1f, 1f, -1f, 1f, -1f, 1f);
        for (var i = 0; i < width; i += Vector256<float>.Count)
        {
            var (pairs, angles) = (Vector256.Load(x + i) + Vector256.Load(bias + i), Vector256.Load(turn + i));
            var swapped = Vector256.Shuffle(pairs, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) * signs;
            var cosines = Vector256.Shuffle(angles, Vector256.Create(0, 0, 2, 2, 4, 4, 6, 6));
            var sines = Vector256.Shuffle(angles, Vector256.Create(1, 1, 3, 3, 5, 5, 7, 7));
            Vector256.Store((pairs * cosines) + (swapped * sines), y + i);
        }
    }
}
