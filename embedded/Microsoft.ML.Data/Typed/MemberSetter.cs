namespace Microsoft.ML.Data;

/// <summary>Makes the action that copies a column of the current row into a member of a row object.</summary>
internal static class MemberSetter
{
    public static Action<TRow> Create<TRow>(DataViewRow row, DataViewSchema.Column source, MemberColumn target)
        where TRow : class
    {
        var memberType = RowMembers.TypeOf(target.Member);
        if (memberType == typeof(string))
            return Text<TRow>(row, source, target);
        if (memberType == typeof(string[]))
            return TextArray<TRow>(row, source, target);
        if (memberType.IsArray)
            return GenericCall.Invoke<Action<TRow>>(Array<TRow, int>, typeof(TRow), memberType.GetElementType(), row, source, target);
        if (source.Type is VectorDataViewType vectorType)
            return GenericCall.Invoke<Action<TRow>>(Buffer<TRow, int>, typeof(TRow), vectorType.ItemType.RawType, row, source, target);
        return GenericCall.Invoke<Action<TRow>>(Scalar<TRow, int>, typeof(TRow), memberType, row, source, target);
    }

    private static Action<TRow> Text<TRow>(DataViewRow row, DataViewSchema.Column source, MemberColumn target)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(source);
        var write = RowMembers.Writer<TRow, string>(target.Member);
        ReadOnlyMemory<char> value = default;
        return item =>
        {
            get(ref value);
            write(item, value.ToString());
        };
    }

    private static Action<TRow> TextArray<TRow>(DataViewRow row, DataViewSchema.Column source, MemberColumn target)
    {
        var get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(source);
        var read = RowMembers.ReaderOrDefault<TRow, string[]>(target.Member);
        var write = RowMembers.Writer<TRow, string[]>(target.Member);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return item =>
        {
            get(ref value);
            var array = Reusable(read(item), value.Length);
            int i = 0;
            foreach (var text in value.DenseValues())
                array[i++] = text.ToString();
            write(item, array);
        };
    }

    private static Action<TRow> Array<TRow, T>(DataViewRow row, DataViewSchema.Column source, MemberColumn target)
    {
        var get = row.GetGetter<VBuffer<T>>(source);
        var read = RowMembers.ReaderOrDefault<TRow, T[]>(target.Member);
        var write = RowMembers.Writer<TRow, T[]>(target.Member);
        VBuffer<T> value = default;
        return item =>
        {
            get(ref value);
            var array = Reusable(read(item), value.Length);
            if (array is not null)
                value.CopyTo(array);
            write(item, array);
        };
    }

    /// <summary>The member's own array where its length fits. Null fits an empty vector, so such a member stays null.</summary>
    private static T[] Reusable<T>(T[] array, int length) => (array?.Length ?? 0) == length ? array : new T[length];

    private static Action<TRow> Buffer<TRow, T>(DataViewRow row, DataViewSchema.Column source, MemberColumn target)
    {
        var get = row.GetGetter<VBuffer<T>>(source);
        var read = RowMembers.ReaderOrDefault<TRow, VBuffer<T>>(target.Member);
        var write = RowMembers.Writer<TRow, VBuffer<T>>(target.Member);
        return item =>
        {
            // The buffer of the target is filled, never one of ours: rows must not share storage.
            var value = read(item);
            get(ref value);
            write(item, value);
        };
    }

    private static Action<TRow> Scalar<TRow, T>(DataViewRow row, DataViewSchema.Column source, MemberColumn target)
    {
        var get = row.GetGetter<T>(source);
        var write = RowMembers.Writer<TRow, T>(target.Member);
        T value = default;
        return item =>
        {
            get(ref value);
            write(item, value);
        };
    }
}
