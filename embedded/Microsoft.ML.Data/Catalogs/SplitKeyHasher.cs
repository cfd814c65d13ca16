namespace Microsoft.ML.Data;

/// <summary>Hashes the sampling key of a row to 30 bits and counts from 1; 0 stands for a missing key.</summary>
internal static class SplitKeyHasher
{
    public const int Bits = 30;
    public const uint DefaultSeed = 314489979;
    private const uint Mask = (1u << Bits) - 1;

    /// <summary>Makes the hash of a cursor's current row, or null for a column that cannot be hashed. Times and durations count by their ticks.</summary>
    public static Func<uint> Make(DataViewRow row, DataViewSchema.Column column, uint seed)
    {
        if (column.Type is TextDataViewType)
            return MakeText(row.GetGetter<ReadOnlyMemory<char>>(column), seed);
        return column.Type.RawType switch
        {
            var type when type == typeof(byte) => Word<byte>(value => value),
            var type when type == typeof(ushort) => Word<ushort>(value => value),
            var type when type == typeof(uint) => Word<uint>(value => value),
            var type when type == typeof(sbyte) => Word<sbyte>(value => unchecked((uint)value)),
            var type when type == typeof(short) => Word<short>(value => unchecked((uint)value)),
            var type when type == typeof(int) => Word<int>(value => unchecked((uint)value)),
            var type when type == typeof(bool) => Word<bool>(value => value ? 1u : 0u),
            var type when type == typeof(ulong) => TwoWords<ulong>(value => value),
            var type when type == typeof(long) => TwoWords<long>(value => unchecked((ulong)value)),
            var type when type == typeof(DateTime) => TwoWords<DateTime>(value => (ulong)value.Ticks),
            var type when type == typeof(DateTimeOffset) => TwoWords<DateTimeOffset>(value => (ulong)value.UtcTicks),
            var type when type == typeof(TimeSpan) => TwoWords<TimeSpan>(value => unchecked((ulong)value.Ticks)),
            _ => null
        };

        Func<uint> Word<T>(Func<T, uint> bits)
        {
            var get = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                get(ref value);
                return (MurmurHash.Mix(MurmurHash.Round(seed, bits(value)), sizeof(uint)) & Mask) + 1;
            };
        }

        Func<uint> TwoWords<T>(Func<T, ulong> bits)
        {
            var get = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                get(ref value);
                ulong word = bits(value);
                uint hash = MurmurHash.Round(MurmurHash.Round(seed, (uint)word), (uint)(word >> 32));
                return (MurmurHash.Mix(hash, sizeof(ulong)) & Mask) + 1;
            };
        }
    }

    private static Func<uint> MakeText(ValueGetter<ReadOnlyMemory<char>> get, uint seed)
    {
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            get(ref text);
            return text.IsEmpty ? 0 : (MurmurHash.Text(seed, text.Span.Trim(' ')) & Mask) + 1;
        };
    }
}
