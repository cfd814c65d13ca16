namespace Microsoft.ML.Data;

/// <summary>The type of a column: how its values are represented and what they mean.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType)
    {
        ArgumentNullException.ThrowIfNull(rawType);
        RawType = rawType;
    }

    /// <summary>The type of the values that a <see cref="ValueGetter{TValue}"/> of such a column hands out.</summary>
    public Type RawType { get; }

    public abstract bool Equals(DataViewType other);
}
