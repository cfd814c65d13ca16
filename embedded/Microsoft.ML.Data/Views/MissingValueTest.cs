namespace Microsoft.ML.Data;

/// <summary>Tests whether a column of the current row is free of missing values.</summary>
internal static class MissingValueTest
{
    public static bool CanBeMissing(DataViewType type) => type.GetItemType() is var item
        && (item == NumberDataViewType.Single || item == NumberDataViewType.Double || item is KeyDataViewType);

    public static Func<bool> Make(DataViewRow row, DataViewSchema.Column column)
        => GenericCall.Invoke<Func<bool>>(Make<int>, column.Type.GetItemType().RawType, row, column);

    private static Func<bool> Make<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var isMissing = ValueTraits.IsMissing<T>(column.Type.GetItemType());
        if (column.Type is not VectorDataViewType)
        {
            var get = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                get(ref value);
                return !isMissing(value);
            };
        }
        var getVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            getVector(ref values);
            return !values.DenseValues().Any(isMissing);
        };
    }
}
