using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>A factor on attention scores besides 1/√D, one for each query.</summary>
/// <remarks>Thread-safe and without state.</remarks>
public interface IAttentionScale
{
    /// <summary>Multiplies queries, and so their scores.</summary>
    /// <param name="query">[B, N, T, D]; not changed.</param>
    /// <param name="mask">What each query may look at.</param>
    /// <returns>[B, N, T, D], fresh.</returns>
    Tensor Apply(Tensor query, AttentionMask mask);
}
