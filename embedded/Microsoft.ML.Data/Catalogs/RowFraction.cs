namespace Microsoft.ML.Data;

/// <summary>Places each row of a view in [0, 1], by a random number or by a column; NaN is nowhere.</summary>
/// <param name="Columns">The columns read.</param>
/// <param name="Make">Makes the reader of a cursor's current row.</param>
/// <param name="IsOrderBound">Whether the place of a row depends on its position.</param>
internal sealed record RowFraction(DataViewSchema.Column[] Columns, Func<DataViewRow, Func<double>> Make, bool IsOrderBound = false)
{
    private const uint DefaultSeed = 42;

    /// <summary>The n-th row gets the n-th number of a generator.</summary>
    public static RowFraction Random(int? seed) => new([], _ =>
    {
        var rand = RandomUtils.Create(unchecked((uint?)seed) ?? DefaultSeed);
        return () => rand.NextSingle();
    }, IsOrderBound: true);

    /// <summary>Single and Double columns by their values as they are.</summary>
    public static RowFraction Value(DataViewSchema.Column column) => new([column], row =>
    {
        if (column.Type == NumberDataViewType.Single)
        {
            var getSingle = row.GetGetter<float>(column);
            float single = 0;
            return () =>
            {
                getSingle(ref single);
                return single;
            };
        }
        var get = row.GetGetter<double>(column);
        double value = 0;
        return () =>
        {
            get(ref value);
            return value;
        };
    });

    /// <summary>Key k of n lies in the middle of the k-th of n equal parts; the missing key nowhere.</summary>
    public static RowFraction Key(DataViewSchema.Column column) => new([column], row =>
        GenericCall.Invoke<Func<double>>(MakeKey<uint>, column.Type.RawType, row, column));

    private static Func<double> MakeKey<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        ulong count = column.Type.GetKeyCount();
        T key = default;
        return () =>
        {
            get(ref key);
            return OfKey(Convert.ToUInt64(key, null), count);
        };
    }

    /// <summary>Rows with equal values lie at the same, arbitrary place.</summary>
    public static RowFraction Hash(DataViewSchema.Column column, int? seed) => new([column], row =>
    {
        var hash = SplitKeyHasher.Make(row, column, unchecked((uint?)seed) ?? SplitKeyHasher.DefaultSeed);
        return () => OfKey(hash(), 1ul << SplitKeyHasher.Bits);
    });

    /// <summary>Single and Double columns by where their values lie between the least and the greatest of the data.</summary>
    public static RowFraction Normalized(IDataView data, DataViewSchema.Column column)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        using (var cursor = data.GetRowCursor([column]))
        {
            var read = Value(column).Make(cursor);
            while (cursor.MoveNext())
            {
                double value = read();
                if (!double.IsNaN(value))
                    (min, max) = (Math.Min(min, value), Math.Max(max, value));
            }
        }
        bool isSingle = column.Type == NumberDataViewType.Single;
        double scale = !(max > min) ? 0 : isSingle ? 1 / ((float)max - (float)min) : 1 / (max - min);
        double offset = scale == 0 ? 0 : min;
        return new([column], row =>
        {
            var read = Value(column).Make(row);
            return () => isSingle ? ((float)read() - (float)offset) * (float)scale : (read() - offset) * scale;
        });
    }

    private static double OfKey(ulong key, ulong count) => key == 0 || key > count ? double.NaN : (key - 0.5) / count;

    /// <summary>The rows in or, as complement, outside a part of the range. A row that is nowhere is in neither.</summary>
    public IDataView Filter(Runtime.IHost host, IDataView data, double min, double max, bool includeMax, bool complement)
        => new FilteredView(host, data, Columns, row =>
        {
            var read = Make(row);
            if (complement)
                return () => read() is var value && (value < min || (includeMax ? value > max : value >= max));
            return () => read() is var value && value >= min && (includeMax ? value <= max : value < max);
        }, IsOrderBound);
}
