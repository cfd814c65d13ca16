using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>The type of vectors (and tensors) of one item type. A size of 0 means that each value has its own length.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0)
        : base(BufferOf(itemType))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ItemType = itemType;
        Size = size;
        Dimensions = [size];
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, dimensions is null ? throw new ArgumentOutOfRangeException(nameof(dimensions)) : dimensions.ToImmutableArray())
    {
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(BufferOf(itemType))
    {
        if (dimensions.IsDefaultOrEmpty)
        {
            throw new ArgumentOutOfRangeException(nameof(dimensions));
        }
        if (dimensions.Any(dimension => dimension < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(dimensions));
        }
        ItemType = itemType;
        Dimensions = dimensions;
        Size = dimensions.Aggregate(1, (size, dimension) => checked(size * dimension));
    }

    public ImmutableArray<int> Dimensions { get; }

    public bool IsKnownSize => Size > 0;

    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The product of the dimensions; 0 where it varies from row to row.</summary>
    public int Size { get; }

    public override bool Equals(DataViewType other) =>
        ReferenceEquals(this, other)
        || (other is VectorDataViewType vector && ItemType.Equals(vector.ItemType) && Dimensions.SequenceEqual(vector.Dimensions));

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(ItemType);
        foreach (var dimension in Dimensions)
        {
            hash.Add(dimension);
        }
        return hash.ToHashCode();
    }

    public override string ToString()
    {
        var sizes = Dimensions.Length == 1 && Size == 0 ? [] : Dimensions.Select(size => size > 0 ? $", {size}" : ", *");
        return $"Vector<{ItemType}{string.Concat(sizes)}>";
    }

    private static Type BufferOf(PrimitiveDataViewType itemType)
    {
        ArgumentNullException.ThrowIfNull(itemType);
        return typeof(VBuffer<>).MakeGenericType(itemType.RawType);
    }
}
