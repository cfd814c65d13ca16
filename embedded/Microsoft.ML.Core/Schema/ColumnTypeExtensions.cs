namespace Microsoft.ML.Data;

/// <summary>Questions about column types.</summary>
internal static class ColumnTypeExtensions
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> _primitives = new PrimitiveDataViewType[]
    {
        TextDataViewType.Instance, BooleanDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance,
        DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance, NumberDataViewType.SByte, NumberDataViewType.Byte,
        NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64,
        NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
    }.ToDictionary(type => type.RawType);

    /// <summary>Whether the type is a plain item: neither a vector nor a key.</summary>
    public static bool IsStandardScalar(this DataViewType columnType) =>
        _primitives.TryGetValue(columnType.RawType, out var type) && type.Equals(columnType);

    /// <summary>The number of values of a key; 0 for other types.</summary>
    public static ulong GetKeyCount(this DataViewType columnType) => (columnType as KeyDataViewType)?.Count ?? 0;

    public static DataViewType GetItemType(this DataViewType columnType) => (columnType as VectorDataViewType)?.ItemType ?? columnType;

    /// <summary>Whether the type's items are stored as such values.</summary>
    public static bool IsOf<T>(this DataViewType columnType) => columnType.GetItemType().RawType == typeof(T);

    /// <summary>The number of items in a value; 0 where it varies.</summary>
    public static int GetValueCount(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 1;

    public static InternalDataKind GetRawKind(this DataViewType columnType)
    {
        columnType.RawType.TryGetDataKind(out var kind);
        return kind;
    }

    /// <summary>The plain item type that stores such values.</summary>
    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type) =>
        _primitives.GetValueOrDefault(type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type)
        ?? throw new InvalidOperationException($"No column can hold values of type '{type}'.");

    public static PrimitiveDataViewType PrimitiveTypeFromKind(InternalDataKind kind) =>
        kind.ToType() is { } type ? _primitives[type] : throw new InvalidOperationException($"'{kind}' is no data kind.");
}
