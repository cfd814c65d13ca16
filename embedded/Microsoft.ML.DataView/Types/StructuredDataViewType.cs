namespace Microsoft.ML.Data;

/// <summary>A type whose values hold several items.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    protected StructuredDataViewType(Type rawType)
        : base(rawType)
    {
    }
}
