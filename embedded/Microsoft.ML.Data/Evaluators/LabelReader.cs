namespace Microsoft.ML.Data;

/// <summary>Reads labels counted from 0, of keys or numbers; NaN where there is none.</summary>
internal static class LabelReader
{
    public static Func<float> Create(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType keyType)
            return GenericCall.Invoke<Func<float>>(OfKey<uint>, keyType.RawType, row, label, keyType.Count);
        var get = row.GetGetter<float>(label);
        float value = 0;
        return () =>
        {
            get(ref value);
            return value;
        };
    }

    private static Func<float> OfKey<T>(DataViewRow row, DataViewSchema.Column label, ulong count)
    {
        var get = row.GetGetter<T>(label);
        T key = default;
        return () =>
        {
            get(ref key);
            ulong number = Convert.ToUInt64(key, null);
            return number >= 1 && number <= count ? number - 1 : float.NaN;
        };
    }
}
