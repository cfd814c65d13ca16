using System.Runtime.InteropServices;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>Tensors in another floating-point type, converted while they are read.</summary>
public static class TensorConversion
{
    static readonly string[] s_types = ["F16", "BF16", "F32"];

    /// <summary>The same tensor in another type, rounded to the nearest value (ties to even). One that holds no floating-point numbers is returned as it is.</summary>
    /// <param name="source">The tensor.</param>
    /// <param name="dtype"><c>F16</c>, <c>BF16</c> or <c>F32</c>.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>A tensor whose reading throws <see cref="ArgumentException"/> at a finite value that the type cannot hold.</returns>
    /// <exception cref="ArgumentException">The type is none of these.</exception>
    public static ITensorSource To(this ITensorSource source, string dtype, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!s_types.Contains(dtype)) throw Errors.TensorNotWritable(name, $"numbers cannot be converted to '{dtype}'");
        return source.DType == dtype || source.DType is not ("F16" or "BF16" or "F32" or "F64") ? source : new Converted(source, dtype, name);
    }

    static float[] Widen(ReadOnlySpan<byte> piece, string type, string target)
    {
        if (type == "F32") return MemoryMarshal.Cast<byte, float>(piece).ToArray();
        if (type == "F64") return Array.ConvertAll<double, float>(MemoryMarshal.Cast<byte, double>(piece).ToArray(), target == "F32" ? value => (float)value : ToOdd);
        var bits = MemoryMarshal.Cast<byte, ushort>(piece);
        var wide = new float[bits.Length];
        if (type == "BF16")
            for (var i = 0; i < wide.Length; i++) wide[i] = BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
        else
            for (var i = 0; i < wide.Length; i++) wide[i] = (float)BitConverter.UInt16BitsToHalf(bits[i]);
        return wide;
    }

    // Rounded to the nearest float and then to 16 bits, a value would be rounded twice. Of the two floats around it, the odd one never lies halfway between two shorter numbers.
    static float ToOdd(double value)
    {
        var near = (float)value;
        var bits = BitConverter.SingleToUInt32Bits(near);
        if (near == value || double.IsNaN(value) || (bits & 1) == 1) return near;
        return BitConverter.UInt32BitsToSingle(Math.Abs(value) > Math.Abs((double)near) ? bits + 1 : bits - 1);
    }

    static byte[] Narrow(float[] values, string type)
    {
        if (type == "F32") return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var narrow = new ushort[values.Length];
        for (var i = 0; i < narrow.Length; i++) narrow[i] = type == "F16" ? BitConverter.HalfToUInt16Bits((Half)values[i]) : UpperHalf(BitConverter.SingleToUInt32Bits(values[i]));
        return MemoryMarshal.AsBytes(narrow.AsSpan()).ToArray();
    }

    // The upper 16 bits, rounded to even; a carry into the exponent is what rounding up means. NaN stays NaN.
    static ushort UpperHalf(uint bits) =>
        float.IsNaN(BitConverter.UInt32BitsToSingle(bits)) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);

    sealed class Converted(ITensorSource source, string dtype, string name) : ITensorSource
    {
        readonly TensorType _from = TensorType.Find(source.DType)!;
        readonly TensorType _to = TensorType.Find(dtype)!;

        public string DType => dtype;

        public IReadOnlyList<long> Shape => source.Shape;

        public void Read(TensorReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            source.Read((piece, offset) =>
            {
                var converted = Narrow(Widen(piece, source.DType, dtype), dtype);
                if (!_to.IsFinite!(converted) && _from.IsFinite!(piece)) throw Errors.TensorNotWritable(name, $"it holds a value that {dtype} cannot");
                reader(converted, offset / _from.Size * _to.Size);
            });
        }
    }
}
