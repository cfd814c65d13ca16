using System.Numerics;
using System.Runtime.InteropServices;

namespace MLPipelines.Layers;

/// <summary>Random masks from a key and the position of each element: any part can be computed on its own, and vector width does not change the result.</summary>
internal static class CounterRandom
{
    /// <summary>Fills a mask with 0 (with the given probability) and 1/(1 − probability).</summary>
    public static void FillMask(Span<float> mask, ulong key, double probability)
    {
        var threshold = (uint)Math.Min(Math.Round(probability * 4294967296.0), uint.MaxValue);
        var keep = (float)(1 / (1 - probability));
        var (low, high) = ((uint)key, (uint)(key >> 32));

        var vectors = MemoryMarshal.Cast<float, Vector<float>>(mask);
        var counter = Vector<uint>.Indices;
        var (step, lowKey, highKey) = (new Vector<uint>((uint)Vector<uint>.Count), new Vector<uint>(low), new Vector<uint>(high));
        var (limit, kept) = (new Vector<uint>(threshold), new Vector<float>(keep));
        for (var i = 0; i < vectors.Length; i++)
        {
            var survives = Vector.GreaterThanOrEqual(Mix(counter, lowKey, highKey), limit);
            vectors[i] = Vector.BitwiseAnd(kept, Vector.AsVectorSingle(survives));
            counter += step;
        }
        for (var i = vectors.Length * Vector<float>.Count; i < mask.Length; i++)
        {
            mask[i] = Mix(new Vector<uint>((uint)i), lowKey, highKey)[0] >= threshold ? keep : 0;
        }
    }

    // Two rounds of a bijective 32-bit finaliser (xor-shift and multiply), with one half of the key before each.
    private static Vector<uint> Mix(Vector<uint> counter, Vector<uint> low, Vector<uint> high) => Finalise(Finalise(counter ^ low) + high);

    private static Vector<uint> Finalise(Vector<uint> x)
    {
        x ^= x >>> 16;
        x *= 0x7feb352d;
        x ^= x >>> 15;
        x *= 0x846ca68b;
        return x ^ (x >>> 16);
    }
}
