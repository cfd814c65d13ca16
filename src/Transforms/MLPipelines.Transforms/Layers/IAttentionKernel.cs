using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>The middle of an attention: turns queries, keys and values into one mixture of values per query.</summary>
/// <remarks>
/// Shared between the layers that are made with it. One that is also an <see cref="nn.Module"/> becomes a part of its attention, named <c>kernel</c>, with its parameters.
/// Thread-safe where no dropout is active.
/// </remarks>
public interface IAttentionKernel
{
    /// <summary>Mixes values.</summary>
    /// <param name="query">[B, N, T, D]; may be changed.</param>
    /// <param name="key">[B, N, T, D].</param>
    /// <param name="value">[B, N, T, W].</param>
    /// <param name="mask">What each query may look at.</param>
    /// <param name="dropout">Drops attention weights in training.</param>
    /// <returns>[B, N, T, W], fresh.</returns>
    Tensor Mix(Tensor query, Tensor key, Tensor value, AttentionMask mask, SeededDropout dropout);
}
