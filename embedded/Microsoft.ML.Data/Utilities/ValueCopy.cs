namespace Microsoft.ML.Data;

/// <summary>Copies values so that source and copy share no buffer.</summary>
internal static class ValueCopy
{
    private delegate void Copier<T>(T source, ref T destination);

    public static bool IsVector<T>() => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>);

    public static void Copy<T>(T source, ref T destination) => Cache<T>.Copy(source, ref destination);

    private static void CopyBuffer<TItem>(VBuffer<TItem> source, ref VBuffer<TItem> destination) => source.CopyTo(ref destination);

    private static Delegate MakeBufferCopier<TItem>() => (Copier<VBuffer<TItem>>)CopyBuffer;

    private static class Cache<T>
    {
        public static readonly Copier<T> Copy = IsVector<T>()
            ? (Copier<T>)GenericCall.Invoke<Delegate>(MakeBufferCopier<int>, typeof(T).GetGenericArguments()[0])
            : (T source, ref T destination) => destination = source;
    }
}
