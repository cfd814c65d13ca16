using System.Numerics;
using System.Runtime.InteropServices;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>An element type of safetensors: its size, and which bit patterns are acceptable.</summary>
sealed record TensorType(int Size, Func<ReadOnlySpan<byte>, bool>? IsFinite = null, bool IsBool = false)
{
    static readonly Dictionary<string, TensorType> s_all = new(StringComparer.Ordinal)
    {
        ["BOOL"] = new(1, IsBool: true),
        ["U8"] = new(1),
        ["I8"] = new(1),
        ["I16"] = new(2),
        ["U16"] = new(2),
        ["I32"] = new(4),
        ["U32"] = new(4),
        ["I64"] = new(8),
        ["U64"] = new(8),
        ["F8_E4M3"] = new(1, data => !data.ContainsAny<byte>(0x7F, 0xFF)),
        ["F8_E5M2"] = new(1, data => NoneHas(data, (byte)0x7C)),
        ["F16"] = new(2, data => NoneHas(MemoryMarshal.Cast<byte, ushort>(data), (ushort)0x7C00)),
        ["BF16"] = new(2, data => NoneHas(MemoryMarshal.Cast<byte, ushort>(data), (ushort)0x7F80)),
        ["F32"] = new(4, data => NoneHas(MemoryMarshal.Cast<byte, uint>(data), 0x7F800000u)),
        ["F64"] = new(8, data => NoneHas(MemoryMarshal.Cast<byte, ulong>(data), 0x7FF0000000000000ul)),
    };

    public static IEnumerable<string> Names => s_all.Keys;

    public static TensorType? Find(string name) => s_all.GetValueOrDefault(name);

    // An IEEE value is finite unless every exponent bit is set.
    static bool NoneHas<T>(ReadOnlySpan<T> data, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var mask = new Vector<T>(exponent);
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(data);
        foreach (var bits in vectors)
            if (Vector.EqualsAny(bits & mask, mask)) return false;
        foreach (var bits in data[(vectors.Length * Vector<T>.Count)..])
            if ((bits & exponent) == exponent) return false;
        return true;
    }

    /// <summary>Refuses values that no tensor may hold.</summary>
    /// <exception cref="InvalidDataException">A BOOL is neither 0 nor 1, or a number is not finite and that is not allowed.</exception>
    public void Check(ReadOnlySpan<byte> data, string name, string source, NonFinite nonFinite = NonFinite.Reject)
    {
        if (IsBool && data.ContainsAnyExcept<byte>(0, 1)) throw Errors.Tensors($"the tensor '{name}' holds a BOOL that is neither 0 nor 1", source);
        if (nonFinite == NonFinite.Reject && IsFinite?.Invoke(data) == false) throw Errors.NonFinite(name, source);
    }

    /// <summary>The size in bytes of a tensor, or null when a size is negative or the product does not fit.</summary>
    public long? BytesOf(IReadOnlyList<long> shape)
    {
        if (shape.Any(size => size < 0)) return null;
        if (shape.Contains(0)) return 0;
        long bytes = Size;
        foreach (var size in shape)
            if (Math.BigMul(bytes, size, out bytes) != 0 || bytes < 0) return null;
        return bytes;
    }
}
