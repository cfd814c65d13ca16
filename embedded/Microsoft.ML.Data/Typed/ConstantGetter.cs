using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Getters that always hand out one value, given as string, array, buffer or primitive.</summary>
internal static class ConstantGetter
{
    public static Delegate Create(object value, DataViewType type)
    {
        if (type is VectorDataViewType vectorType)
            return GenericCall.Invoke<Delegate>(Vector<int>, vectorType.ItemType.RawType, value);
        if (type is TextDataViewType && (value is null or string))
            value = (value as string).AsMemory();
        return GenericCall.Invoke<Delegate>(Scalar<int>, type.RawType, value);
    }

    private static ValueGetter<T> Scalar<T>(object value)
    {
        Contracts.Check(value is T, "Annotation value does not match its type");
        var typed = (T)value;
        return (ref T dst) => dst = typed;
    }

    private static ValueGetter<VBuffer<T>> Vector<T>(object value)
    {
        var buffer = value switch
        {
            VBuffer<T> given => given,
            T[] array => new VBuffer<T>(array.Length, array),
            string[] texts when typeof(T) == typeof(ReadOnlyMemory<char>)
                => (VBuffer<T>)(object)new VBuffer<ReadOnlyMemory<char>>(texts.Length, Array.ConvertAll(texts, text => text.AsMemory())),
            null => default,
            _ => throw Contracts.Except("Annotation value does not match its type")
        };
        return (ref VBuffer<T> dst) => buffer.CopyTo(ref dst);
    }
}
