using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in the memory of this process, in row-major order whatever the strides.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;
    private readonly nint data;

    internal TensorAccessor(torch.Tensor tensor)
    {
        this.tensor = tensor;
        data = tensor.DataPointer;
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public unsafe T this[params long[] indices]
    {
        get
        {
            var offset = Offset(indices);
            var value = ((T*)data)[offset];
            GC.KeepAlive(tensor);
            return value;
        }
        set
        {
            ((T*)data)[Offset(indices)] = value;
            GC.KeepAlive(tensor);
        }
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan());
        return result;
    }

    public Array ToNDArray()
    {
        if (shape.Length < 2) return ToArray();
        var result = Array.CreateInstance(typeof(T), shape);
        var flat = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result)), (int)Count);
        CopyTo(flat);
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var length = (int)Math.Min(Count - tensorIndex, target.Length);
        if (contiguous) new ReadOnlySpan<T>((T*)data + tensorIndex, Math.Max(length, 0)).CopyTo(target);
        else
        {
            for (var i = 0; i < length; i++) target[i] = ((T*)data)[FlatOffset(tensorIndex + i)];
        }
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var length = (int)Math.Min(Count - tensorIndex, source.Length);
        if (contiguous) source[..Math.Max(length, 0)].CopyTo(new Span<T>((T*)data + tensorIndex, Math.Max(length, 0)));
        else
        {
            for (var i = 0; i < length; i++) ((T*)data)[FlatOffset(tensorIndex + i)] = source[i];
        }
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        // The tensor is the caller's; the accessor only looks at it.
    }

    private unsafe T At(long index)
    {
        var value = ((T*)data)[FlatOffset(index)];
        GC.KeepAlive(tensor);
        return value;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            var index = indices[0];
            return index >= 0 && index < Count ? FlatOffset(index) : throw new IndexOutOfRangeException();
        }
        if (indices.Length != shape.Length) throw new ArgumentException("The number of indices must match the number of dimensions of the tensor.");
        var offset = 0L;
        for (var axis = 0; axis < indices.Length; axis++)
        {
            if (indices[axis] < 0 || indices[axis] >= shape[axis]) throw new IndexOutOfRangeException();
            offset += indices[axis] * strides[axis];
        }
        return offset;
    }

    private long FlatOffset(long index)
    {
        if (contiguous) return index;
        var offset = 0L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            offset += index % shape[axis] * strides[axis];
            index /= shape[axis];
        }
        return offset;
    }
}
