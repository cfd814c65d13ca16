using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>The end of a sub-layer: a linear map, dropout, and the sum with the residual, normalised where the placement says.</summary>
/// <remarks>Parameters: those of the map as <c>dense.*</c>, those of the norm as <c>LayerNorm.*</c>, for example <c>dense.weight</c> [outputs, inputs].</remarks>
public sealed class ResidualNorm : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    readonly Dense dense;

    [ComponentName(Name = "LayerNorm")]
    readonly nn.Module<Tensor, Tensor> norm;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    readonly INormPlacement placement;

    /// <summary>Puts the parts together and owns them.</summary>
    /// <param name="dense">Maps the sub-layer's result to the width of the residual.</param>
    /// <param name="norm">Normalises vectors of that width.</param>
    /// <param name="dropout">Drops elements of the mapped result.</param>
    /// <param name="placement">Where the norm acts; null is <see cref="PostNorm"/>. Not owned.</param>
    public ResidualNorm(Dense dense, nn.Module<Tensor, Tensor> norm, SeededDropout dropout, INormPlacement? placement = null) : base(nameof(ResidualNorm))
    {
        (this.dense, this.norm, this.dropout, this.placement) = (dense, norm, dropout, placement ?? new PostNorm());
        RegisterComponents();
    }

    /// <summary>What the sub-layer gets to see of the residual.</summary>
    /// <param name="residual">[B, T, outputs].</param>
    /// <returns>[B, T, outputs], fresh.</returns>
    public Tensor Enter(Tensor residual) => placement.Enter(residual, norm);

    /// <summary>Ends the sub-layer.</summary>
    /// <param name="input">The sub-layer's result, [B, T, inputs].</param>
    /// <param name="residual">[B, T, outputs].</param>
    /// <returns>[B, T, outputs], fresh.</returns>
    public override Tensor forward(Tensor input, Tensor residual)
    {
        using var scope = NewDisposeScope();
        return placement.Leave(residual, dropout.call(dense.call(input)), norm).MoveToOuterDisposeScope();
    }
}
