namespace Microsoft.ML.Data;

/// <summary>Makes the getter of a column from a member of the current row object.</summary>
internal static class MemberGetter
{
    public static Delegate Create<TRow>(MemberColumn column, Func<TRow> current)
        where TRow : class
    {
        var memberType = RowMembers.TypeOf(column.Member);
        if (memberType == typeof(string))
            return Text(RowMembers.Reader<TRow, string>(column.Member), current);
        if (memberType == typeof(string[]))
            return TextArray(RowMembers.Reader<TRow, string[]>(column.Member), current);
        if (memberType.IsArray)
            return GenericCall.Invoke<Delegate>(Array<TRow, int>, typeof(TRow), memberType.GetElementType(), column, current);
        if (column.Type is VectorDataViewType vectorType)
            return GenericCall.Invoke<Delegate>(Buffer<TRow, int>, typeof(TRow), vectorType.ItemType.RawType, column, current);
        if (column.Type is KeyDataViewType)
            return GenericCall.Invoke<Delegate>(Key<TRow, uint>, typeof(TRow), memberType, column, current);
        return GenericCall.Invoke<Delegate>(Scalar<TRow, int>, typeof(TRow), memberType, column, current);
    }

    private static ValueGetter<ReadOnlyMemory<char>> Text<TRow>(Func<TRow, string> read, Func<TRow> current)
        => (ref ReadOnlyMemory<char> dst) => dst = read(current()).AsMemory();

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextArray<TRow>(Func<TRow, string[]> read, Func<TRow> current)
        => (ref VBuffer<ReadOnlyMemory<char>> dst) =>
        {
            var values = read(current()) ?? [];
            var editor = VBufferEditor.Create(ref dst, values.Length);
            for (int i = 0; i < values.Length; i++)
                editor.Values[i] = values[i].AsMemory();
            dst = editor.Commit();
        };

    private static ValueGetter<VBuffer<T>> Array<TRow, T>(MemberColumn column, Func<TRow> current)
    {
        var read = RowMembers.Reader<TRow, T[]>(column.Member);
        return (ref VBuffer<T> dst) =>
        {
            var values = read(current()) ?? [];
            var editor = VBufferEditor.Create(ref dst, values.Length);
            values.CopyTo(editor.Values);
            dst = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> Buffer<TRow, T>(MemberColumn column, Func<TRow> current)
    {
        var read = RowMembers.Reader<TRow, VBuffer<T>>(column.Member);
        return (ref VBuffer<T> dst) => read(current()).CopyTo(ref dst);
    }

    private static ValueGetter<T> Scalar<TRow, T>(MemberColumn column, Func<TRow> current)
    {
        var read = RowMembers.Reader<TRow, T>(column.Member);
        return (ref T dst) => dst = read(current());
    }

    /// <summary>Objects hold keys counted from 0; key columns count from 1 and keep 0 for a value out of range.</summary>
    private static ValueGetter<T> Key<TRow, T>(MemberColumn column, Func<TRow> current)
    {
        var read = RowMembers.Reader<TRow, T>(column.Member);
        ulong count = ((KeyDataViewType)column.Type).Count;
        return (ref T dst) =>
        {
            ulong raw = Convert.ToUInt64(read(current()), null);
            dst = (T)Convert.ChangeType(raw < count ? raw + 1 : 0, typeof(T), null);
        };
    }
}
