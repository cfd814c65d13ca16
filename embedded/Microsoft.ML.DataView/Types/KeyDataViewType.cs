namespace Microsoft.ML.Data;

/// <summary>The type of categorical values: 1 stands for the first of <see cref="Count"/> values, 0 for a missing one.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        if (!IsValidDataType(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), "Type is not valid, it must be Byte, UInt16, UInt32, or UInt64.");
        }
        if (count == 0 || count > MaximumOf(type))
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                $"The cardinality of a {nameof(KeyDataViewType)} must not exceed {type.Name}.MaxValue and must be strictly positive, but got {count}.");
        }
        Count = count;
    }

    public KeyDataViewType(Type type, int count)
        : this(type, count > 0 ? (ulong)count : throw new ArgumentOutOfRangeException(
            nameof(count), $"The cardinality of a {nameof(KeyDataViewType)} must be strictly positive."))
    {
    }

    /// <summary>The number of values, missing ones not counted.</summary>
    public ulong Count { get; }

    public static bool IsValidDataType(Type type) => MaximumOf(type) > 0;

    public override bool Equals(DataViewType other) =>
        ReferenceEquals(this, other) || (other is KeyDataViewType key && key.RawType == RawType && key.Count == Count);

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    private static ulong MaximumOf(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type is null || type.IsEnum => 0,
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        TypeCode.UInt64 => ulong.MaxValue,
        _ => 0,
    };
}
