using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Dropout masks from a key and the position of each element. The same key gives the same mask on every device and for every vector width.</summary>
/// <remarks>
/// An element is dropped where a 32-bit hash of its position lies below a threshold: a bijective finaliser (xor-shift and multiply) between the two halves of the key.
/// TorchSharp makes no generators for other devices than the CPU, and libtorch's own Bernoulli draws are several times slower than this.
/// </remarks>
static class CounterRandom
{
    const int FirstFactor = 0x7feb352d;
    const int SecondFactor = unchecked((int)0x846ca68b);

    /// <summary>Fills memory with 0 (with the given probability) and 1/(1 − probability).</summary>
    public static void FillMask(Span<float> mask, long key, double probability)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(mask);
        var (low, high) = (new Vector<int>((int)key), new Vector<int>((int)(key >> 32)));
        var (limit, kept) = (new Vector<int>(Threshold(probability)), new Vector<float>((float)(1 / (1 - probability))));
        var (position, step) = (Vector<int>.Indices, new Vector<int>(Vector<int>.Count));
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Vector.BitwiseAnd(kept, Vector.AsVectorSingle(Vector.GreaterThanOrEqual(Hash(position ^ low) + high, limit)));
            position += step;
        }

        for (var i = vectors.Length * Vector<float>.Count; i < mask.Length; i++)
            mask[i] = (Hash(new Vector<int>(i) ^ low) + high)[0] >= limit[0] ? kept[0] : 0;
    }

    /// <summary>The same mask, computed by tensor operators on the device of a tensor.</summary>
    public static Tensor MaskLike(Tensor like, long key, double probability)
    {
        using var scope = NewDisposeScope();
        var hash = arange(like.numel(), ScalarType.Int32, like.device).bitwise_xor_(tensor((int)key));
        hash = hash.bitwise_xor_(Shifted(hash, 16)).mul_(FirstFactor);
        hash = hash.bitwise_xor_(Shifted(hash, 15)).mul_(SecondFactor);
        hash = hash.bitwise_xor_(Shifted(hash, 16)).add_((int)(key >> 32));
        return hash.ge(Threshold(probability)).to(like.dtype).mul_(1 / (1 - probability)).view(like.shape).MoveToOuterDisposeScope();
    }

    // The operator copies the sign bit into the free places; a hash needs zeros there.
    static Tensor Shifted(Tensor hash, int places) => hash.bitwise_right_shift(tensor(places)).bitwise_and_(tensor((int)(uint.MaxValue >> places)));

    static int Threshold(double probability) => (int)Math.Min(Math.Round(probability * 4294967296.0) + int.MinValue, int.MaxValue);

    static Vector<int> Hash(Vector<int> x)
    {
        x ^= x >>> 16;
        x *= FirstFactor;
        x ^= x >>> 15;
        x *= SecondFactor;
        return x ^ (x >>> 16);
    }
}
