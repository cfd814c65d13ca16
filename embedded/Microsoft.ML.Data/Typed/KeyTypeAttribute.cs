using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes the column of a byte, ushort, uint or ulong member a key column with the given cardinality.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute : Attribute
{
    internal ulong Count { get; }

    public KeyTypeAttribute() => throw Contracts.ExceptNotSupp("Using KeyType without the Count parameter is not supported");

    public KeyTypeAttribute(ulong count)
    {
        if (count == 0)
            throw Contracts.ExceptParam(nameof(count), "The cardinality of valid key range has to be greater than 0.");
        Count = count;
    }
}
