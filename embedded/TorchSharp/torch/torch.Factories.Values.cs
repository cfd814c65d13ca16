using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device ?? CPU);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Type.GetTypeCode(rawArray.GetType().GetElementType()) switch
        {
            TypeCode.Boolean => FromArray<bool>(rawArray, ScalarType.Bool, dtype, device, requires_grad),
            TypeCode.Byte => FromArray<byte>(rawArray, ScalarType.Byte, dtype, device, requires_grad),
            TypeCode.SByte => FromArray<sbyte>(rawArray, ScalarType.Int8, dtype, device, requires_grad),
            TypeCode.Int16 => FromArray<short>(rawArray, ScalarType.Int16, dtype, device, requires_grad),
            TypeCode.Int32 => FromArray<int>(rawArray, ScalarType.Int32, dtype, device, requires_grad),
            TypeCode.Int64 => FromArray<long>(rawArray, ScalarType.Int64, dtype, device, requires_grad),
            TypeCode.Single => FromArray<float>(rawArray, ScalarType.Float32, dtype, device, requires_grad),
            TypeCode.Double => FromArray<double>(rawArray, ScalarType.Float64, dtype, device, requires_grad),
            _ when rawArray.GetType().GetElementType() == typeof(Half) => FromArray<Half>(rawArray, ScalarType.Float16, dtype, device, requires_grad),
            _ => throw new NotSupportedException($"The type {rawArray.GetType().GetElementType()} is not supported."),
        };

    private static Tensor FromArray<T>(Array array, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged =>
        FromValues<T>(Flat<T>(array), Shape(array), type, dtype, device, requires_grad);

    private static unsafe Tensor FromValues<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> shape, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged
    {
        var count = 1L;
        foreach (var size in shape) count *= size;
        if (count > values.Length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {values.Length}");
        var where = Where(device);
        var tensor = Ops.empty_memory_format.T(shape, type, None, CPU);
        if (count > 0) values[..(int)count].CopyTo(new Span<T>((void*)tensor.DataPointer, (int)count));
        var wanted = dtype ?? type;
        if (wanted != type || where.type != DeviceType.CPU) tensor = tensor.to(wanted, where, disposeAfter: true);
        return tensor.WithGrad(requires_grad);
    }

    private static long[] Shape(Array array)
    {
        var shape = new long[array.Rank];
        for (var axis = 0; axis < shape.Length; axis++) shape[axis] = array.GetLongLength(axis);
        return shape;
    }

    private static Span<T> Flat<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);
}
