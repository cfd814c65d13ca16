using MLPipelines.Kernels;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>softmax(λ·qkᵀ/√D + mask)·v, where λ is 1 or given by a scale.</summary>
/// <param name="scale">A factor for each query; null is 1.</param>
/// <remarks>Source: https://arxiv.org/abs/1706.03762.</remarks>
public sealed class SoftmaxAttention(IAttentionScale? scale = null) : IAttentionKernel
{
    /// <inheritdoc/>
    public Tensor Mix(Tensor query, Tensor key, Tensor value, AttentionMask mask, SeededDropout dropout)
    {
        using var scope = NewDisposeScope();
        var scaled = scale is null ? query : scale.Apply(query, mask);
        if (!dropout.IsActive && AttentionKernel.CanRun(scaled, key, value)) return AttentionKernel.Run(scaled, key, value, mask.Bias).MoveToOuterDisposeScope();
        if (!dropout.IsActive) return nn.functional.scaled_dot_product_attention(scaled, key, value, mask.Bias).MoveToOuterDisposeScope();
        var scores = scaled.matmul(key.transpose(-2, -1)).mul_(1 / Math.Sqrt(query.shape[^1])); // [B, N, T, T]
        if (mask.Bias is { } bias) scores = scores.add_(bias);
        return dropout.call(scores.softmax(-1)).matmul(value).MoveToOuterDisposeScope();
    }
}
