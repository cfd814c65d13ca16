using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A layer whose matrix products can be computed in a narrower type than its parameters have.</summary>
/// <remarks>Parameters, inputs and results keep their type: the layer casts what goes into a product, and the product back. Set by the training loop between steps, never while the layer computes.</remarks>
public interface IMixedPrecision
{
    /// <summary>The type of the products; null is that of the parameters.</summary>
    /// <value>The default is null.</value>
    ScalarType? ComputeType { get; set; }
}
