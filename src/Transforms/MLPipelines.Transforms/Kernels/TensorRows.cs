using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Kernels;

/// <summary>The vectors along the last axis of a float32 or bfloat16 tensor in main memory, read and written as float32. Valid while the tensor lives.</summary>
/// <remarks>
/// One fused pass over memory in place of a chain of operators pays off where no gradient is needed and matrix products are not most of the work;
/// where <see cref="Suit"/> is false the operators are the implementation.
/// </remarks>
readonly unsafe struct TensorRows
{
    /// <summary>The longest vector for which kernels take scratch memory on the stack.</summary>
    public const int LongestOnStack = 16384;

    readonly byte* start;
    readonly bool isHalf;

    /// <summary>Opens a tensor that <see cref="Suit"/>.</summary>
    public TensorRows(Tensor tensor)
    {
        isHalf = tensor.dtype == ScalarType.BFloat16;
        Width = (int)tensor.shape[^1];
        start = First(tensor);
    }

    /// <summary>The length of a vector.</summary>
    public int Width { get; }

    /// <summary>Whether kernels may replace operators: no gradient is recorded, and every tensor is float32 or bfloat16 in main memory with dense vectors and has elements.</summary>
    public static bool Suit(params ReadOnlySpan<Tensor> tensors)
    {
        if (is_grad_enabled()) return false;
        foreach (var tensor in tensors)
        {
            if (tensor.device_type != DeviceType.CPU || tensor.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || tensor.stride(-1) != 1 || tensor.numel() == 0) return false;
        }

        return true;
    }

    /// <summary>The address of elements that stand side by side.</summary>
    /// <param name="offset">Where they begin, in elements.</param>
    /// <param name="scratch">Room for them, used where they are not float32.</param>
    /// <param name="count">Their number.</param>
    public float* Read(long offset, float* scratch, int count)
    {
        if (!isHalf) return (float*)start + offset;
        Widen((ushort*)start + offset, scratch, count);
        return scratch;
    }

    /// <summary>Where to compute elements that <see cref="Write"/> then puts in place.</summary>
    public float* Target(long offset, float* scratch) => isHalf ? scratch : (float*)start + offset;

    /// <summary>Puts elements in place, unless they were computed there.</summary>
    public void Write(long offset, float* values, int count)
    {
        if (isHalf) Narrow(values, (ushort*)start + offset, count);
        else if ((float*)start + offset != values) Unsafe.CopyBlock((float*)start + offset, values, (uint)count * sizeof(float));
    }

    static byte* First(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var row = tensor;
        while (row.dim() > 1) row = row.select(0, 0);
        return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row.bytes));
    }

    // bfloat16 is the upper half of a float32.
    static void Widen(ushort* source, float* target, int count)
    {
        var i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Vector.Load(source + i), out var low, out var high);
            Vector.Store(Vector.AsVectorSingle(low << 16), target + i);
            Vector.Store(Vector.AsVectorSingle(high << 16), target + i + Vector<float>.Count);
        }

        for (; i < count; i++) target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    // To the nearest, ties to even, as libtorch rounds.
    static void Narrow(float* source, ushort* target, int count)
    {
        var i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            var low = Rounded(Vector.Load((uint*)source + i));
            var high = Rounded(Vector.Load((uint*)source + i + Vector<uint>.Count));
            Vector.Store(Vector.Narrow(low, high), target + i);
        }

        for (; i < count; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(source[i]);
            target[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    static Vector<uint> Rounded(Vector<uint> bits) => (bits + new Vector<uint>(0x7FFF) + ((bits >>> 16) & Vector<uint>.One)) >>> 16;
}
