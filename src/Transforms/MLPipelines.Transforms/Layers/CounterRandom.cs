using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Dropout masks from a key and the position of each element. The same key gives the same mask on every device and for every vector width.</summary>
/// <remarks>
/// Each position has a fixed number, a bijective mix of its bits. An element is dropped where (number ⊕ low half of the key) · (high half, odd), modulo 2³², lies below a threshold: multiply-shift hashing, so
/// that two positions, and two keys, agree no more often than by chance. A device keeps the numbers and so needs few passes over memory.
/// TorchSharp makes no generators for other devices than the CPU, and libtorch's own Bernoulli draws on the CPU are several times slower than this.
/// Source: Dietzfelbinger et al., A reliable randomized algorithm for the closest-pair problem, https://doi.org/10.1006/jagm.1997.0873.
/// </remarks>
static class CounterRandom
{
    /// <summary>The positions that have a number of their own; each further run of as many has another factor.</summary>
    internal const int TableLength = 1 << 24;

    const int FirstFactor = 0x7feb352d;
    const int SecondFactor = unchecked((int)0x846ca68b);
    const int NextRun = unchecked((int)0x9e3779b9);

    static readonly Lock s_lock = new();
    static readonly Dictionary<string, Tensor> s_tables = [];

    /// <summary>Fills memory with 0 (with the given probability) and 1/(1 − probability).</summary>
    public static void FillMask(Span<float> mask, long key, double probability)
    {
        for (var run = 0; mask.Length > 0; mask = mask[Math.Min(TableLength, mask.Length)..], run++)
            FillRun(mask[..Math.Min(TableLength, mask.Length)], (int)key, Factor(key, run), Threshold(probability), Kept(probability));
    }

    static void FillRun(Span<float> mask, int low, int factor, int threshold, float keptValue)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(mask);
        var (key, limit, kept) = (new Vector<int>(low), new Vector<int>(threshold), new Vector<float>(keptValue));
        var (position, step) = (Vector<int>.Indices, new Vector<int>(Vector<int>.Count));
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Vector.BitwiseAnd(kept, Vector.AsVectorSingle(Vector.GreaterThanOrEqual((Number(position) ^ key) * factor, limit)));
            position += step;
        }

        for (var i = vectors.Length * Vector<float>.Count; i < mask.Length; i++)
            mask[i] = ((Number(new Vector<int>(i)) ^ key) * factor)[0] >= threshold ? keptValue : 0;
    }

    /// <summary>The same mask, computed by tensor operators on the device of a tensor.</summary>
    public static Tensor MaskLike(Tensor like, long key, double probability)
    {
        using var scope = NewDisposeScope();
        var hash = Hash(like.device, like.numel(), key);
        return hash.ge(Threshold(probability)).to(like.dtype).mul_(Kept(probability)).view(like.shape).MoveToOuterDisposeScope();
    }

    /// <summary>What is compared with the threshold, for the first positions; fresh int32 [count].</summary>
    static Tensor Hash(Device device, long count, long key)
    {
        using var scope = NewDisposeScope();
        Tensor hash;
        lock (s_lock) hash = Numbers(device, Math.Min(count, TableLength)).bitwise_xor(tensor((int)key));
        if (count <= TableLength) return hash.mul_(Factor(key, 0)).MoveToOuterDisposeScope();
        var factors = Enumerable.Range(0, (int)((count + TableLength - 1) / TableLength)).Select(run => Factor(key, run)).ToArray();
        return hash.unsqueeze(0).mul(tensor(factors, device: device).unsqueeze(1)).flatten().narrow(0, 0, count).MoveToOuterDisposeScope();
    }

    /// <summary>The numbers of the first positions, from a table of the device that grows when more are wanted.</summary>
    static Tensor Numbers(Device device, long count)
    {
        var name = device.ToString();
        if (!s_tables.TryGetValue(name, out var table) || table.numel() < count)
        {
            table?.Dispose();
            s_tables[name] = table = MakeNumbers(device, Math.Max(1 << 16, (long)BitOperations.RoundUpToPowerOf2((ulong)count)));
        }

        return table.narrow(0, 0, count);
    }

    static Tensor MakeNumbers(Device device, long count)
    {
        using var ordinary = inference_mode(false);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var numbers = arange(count, ScalarType.Int32, device).mul_(FirstFactor);
        // The operator copies the sign bit into the free places; a hash needs zeros there.
        var shifted = numbers.bitwise_right_shift(tensor(15)).bitwise_and_(tensor((int)(uint.MaxValue >> 15)));
        return numbers.bitwise_xor_(shifted).mul_(SecondFactor).DetachFromDisposeScope();
    }

    static Vector<int> Number(Vector<int> position)
    {
        position *= FirstFactor;
        position ^= position >>> 15;
        return position * SecondFactor;
    }

    static int Factor(long key, int run) => ((int)(key >> 32) + (run * NextRun)) | 1;

    static float Kept(double probability) => (float)(1 / (1 - probability));

    static int Threshold(double probability) => (int)Math.Min(Math.Round(probability * 4294967296.0) + int.MinValue, int.MaxValue);
}
