namespace Microsoft.ML.Data;

/// <summary>The parts of a chain whose last type is not known.</summary>
internal interface ITransformerChainAccessor
{
    ITransformer[] Transformers { get; }

    TransformerScope[] Scopes { get; }
}
