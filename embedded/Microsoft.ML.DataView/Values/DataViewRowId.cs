using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit identifier of a row, stable across shuffles and parallel cursors, mixed as one block of 128-bit Murmur3.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong LowFactor = 0x87c37b91114253d5;
    private const ulong HighFactor = 0x4cf5ad432745937f;

    public readonly ulong Low;
    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public override string ToString() => $"{High:x16}{Low:x16}";

    public int CompareTo(DataViewRowId other) => (High, Low).CompareTo((other.High, other.Low));

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <summary>A new identifier for another row that comes from the same source row.</summary>
    public DataViewRowId Fork()
    {
        var next = Next();
        return new(next.Low ^ (BitOperations.RotateLeft(LowFactor, 31) * HighFactor), next.High);
    }

    /// <summary>The identifier that follows this one.</summary>
    public DataViewRowId Next() => Round(Low, High, 0, 0);

    /// <summary>An identifier of the pair of two rows.</summary>
    public DataViewRowId Combine(DataViewRowId other)
    {
        var fork = other.Fork();
        return Round(
            Low,
            High,
            BitOperations.RotateLeft(fork.Low * LowFactor, 31) * HighFactor,
            BitOperations.RotateLeft(fork.High * HighFactor, 33) * LowFactor);
    }

    private static DataViewRowId Round(ulong low, ulong high, ulong lowKey, ulong highKey)
    {
        unchecked
        {
            low = ((BitOperations.RotateLeft(low ^ lowKey, 27) + high) * 5) + 0x52dce729;
            high = ((BitOperations.RotateLeft(high ^ highKey, 31) + low) * 5) + 0x38495ab5;
            return new(low, high);
        }
    }
}
