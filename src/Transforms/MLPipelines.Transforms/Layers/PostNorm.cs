using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>x ← N(αx + F(x)), as in BERT; with α above 1 the residual of DeepNorm.</summary>
/// <param name="residualScale">The factor α.</param>
/// <remarks>Sources: https://arxiv.org/abs/1706.03762, https://arxiv.org/abs/2203.00555.</remarks>
public sealed class PostNorm(double residualScale = 1) : INormPlacement
{
    /// <inheritdoc/>
    public Tensor Enter(Tensor residual, nn.Module<Tensor, Tensor> norm) => residual.alias();

    /// <inheritdoc/>
    public Tensor Leave(Tensor residual, Tensor branch, nn.Module<Tensor, Tensor> norm)
    {
        if (norm is ISumNorm sums) return sums.NormalizeSum(residual, residualScale, branch);
        using var scope = NewDisposeScope();
        return norm.call(branch.add_(residual, residualScale)).MoveToOuterDisposeScope();
    }
}
