namespace Microsoft.ML.Data;

/// <summary>Kinds and the types that they stand for.</summary>
internal static class InternalDataKindExtensions
{
    private static readonly Dictionary<InternalDataKind, Type> _types = new()
    {
        [InternalDataKind.I1] = typeof(sbyte),
        [InternalDataKind.U1] = typeof(byte),
        [InternalDataKind.I2] = typeof(short),
        [InternalDataKind.U2] = typeof(ushort),
        [InternalDataKind.I4] = typeof(int),
        [InternalDataKind.U4] = typeof(uint),
        [InternalDataKind.I8] = typeof(long),
        [InternalDataKind.U8] = typeof(ulong),
        [InternalDataKind.R4] = typeof(float),
        [InternalDataKind.R8] = typeof(double),
        [InternalDataKind.TX] = typeof(ReadOnlyMemory<char>),
        [InternalDataKind.BL] = typeof(bool),
        [InternalDataKind.TS] = typeof(TimeSpan),
        [InternalDataKind.DT] = typeof(DateTime),
        [InternalDataKind.DZ] = typeof(DateTimeOffset),
        [InternalDataKind.UG] = typeof(DataViewRowId),
    };

    private static readonly Dictionary<Type, InternalDataKind> _kinds = new(_types.Select(pair => KeyValuePair.Create(pair.Value, pair.Key)))
    {
        [typeof(string)] = InternalDataKind.TX,
    };

    public static InternalDataKind ToInternalDataKind(this DataKind dataKind) => (InternalDataKind)dataKind;

    public static DataKind ToDataKind(this InternalDataKind kind) => (DataKind)kind;

    /// <summary>The type of values of the kind; null where there is no such kind.</summary>
    public static Type ToType(this InternalDataKind kind) => _types.GetValueOrDefault(kind);

    public static bool TryGetDataKind(this Type type, out InternalDataKind kind)
    {
        kind = default;
        return type is not null && _kinds.TryGetValue(type, out kind);
    }
}
