using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>(relu(qkᵀ/√D)²/l)·v: attention weights without an exponential, which do not add up to 1.</summary>
/// <param name="length">The divisor l; null takes the number of keys that the query sees.</param>
/// <remarks>
/// Pre-training at one length and fine-tuning with l = the actual length loses accuracy: keep the l of pre-training. Sources: https://arxiv.org/abs/2202.10447, https://kexue.fm/archives/9019.
/// </remarks>
public sealed class SquaredReluAttention(int? length = null) : IAttentionKernel
{
    /// <inheritdoc/>
    public Tensor Mix(Tensor query, Tensor key, Tensor value, AttentionMask mask, SeededDropout dropout)
    {
        using var scope = NewDisposeScope();
        // relu is homogeneous, so that √l can divide the queries, of which there are fewer than scores.
        var scores = Divide(query, mask).matmul(key.transpose(-2, -1)); // [B, N, T, T]
        if (mask.Bias is { } bias) scores = scores.add_(bias);
        var weights = scores.relu_().square();
        return (dropout.IsActive ? dropout.call(weights) : weights).matmul(value).MoveToOuterDisposeScope();
    }

    Tensor Divide(Tensor query, AttentionMask mask)
    {
        var width = query.shape[^1];
        if (length is not null || mask.VisibleKeys is null) return query.mul(1 / Math.Sqrt(width * (double)(length ?? mask.Keys)));
        return query.mul(mask.VisibleKeys.mul(width).rsqrt_().to(query.dtype)); // the count is [B, 1, 1 or T, 1]
    }
}
