using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>x ← x + F(N(x)). The last layer's result is not normalised.</summary>
/// <remarks>Source: https://kexue.fm/archives/9009.</remarks>
public sealed class PreNorm : INormPlacement
{
    /// <inheritdoc/>
    public Tensor Enter(Tensor residual, nn.Module<Tensor, Tensor> norm) => norm.call(residual);

    /// <inheritdoc/>
    public Tensor Leave(Tensor residual, Tensor branch, nn.Module<Tensor, Tensor> norm) => residual.add(branch);
}
