using MLPipelines.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>One gated attention unit with its residual: <c>gau.*</c>.</summary>
internal sealed class GauLayer : nn.Module<Tensor, AttentionMask, Tensor>
{
    [ComponentName(Name = "gau")]
    readonly GatedAttentionUnit unit;

    [ComponentName(Name = "norm")]
    readonly nn.Module<Tensor, Tensor> norm;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    readonly INormPlacement placement;

    public GauLayer(GatedAttentionUnit unit, nn.Module<Tensor, Tensor> norm, SeededDropout dropout, INormPlacement placement) : base(nameof(GauLayer))
    {
        (this.unit, this.norm, this.dropout, this.placement) = (unit, norm, dropout, placement);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, AttentionMask mask)
    {
        using var scope = NewDisposeScope();
        var branch = dropout.call(unit.call(placement.Enter(hidden, norm), mask));
        return placement.Leave(hidden, branch, norm).MoveToOuterDisposeScope();
    }
}
