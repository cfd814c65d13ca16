using MLPipelines.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>One layer of attention and feed-forward. The nesting gives parameters the names of published checkpoints: <c>attention.*</c>, <c>intermediate.*</c>, <c>output.*</c>.</summary>
/// <param name="Self">The attention.</param>
/// <param name="SelfOutput">Ends the attention's sub-layer.</param>
/// <param name="Intermediate">Widens.</param>
/// <param name="Output">Narrows, and ends the feed-forward's sub-layer.</param>
internal sealed record RoFormerLayerParts(SelfAttention Self, ResidualNorm SelfOutput, ActivatedDense Intermediate, ResidualNorm Output);

/// <inheritdoc cref="RoFormerLayerParts"/>
internal sealed class RoFormerLayer : nn.Module<Tensor, AttentionMask, Tensor>
{
    [ComponentName(Name = "attention")]
    readonly Attention attention;

    [ComponentName(Name = "intermediate")]
    readonly ActivatedDense intermediate;

    [ComponentName(Name = "output")]
    readonly ResidualNorm output;

    public RoFormerLayer(RoFormerLayerParts parts) : base(nameof(RoFormerLayer))
    {
        (attention, intermediate, output) = (new(parts.Self, parts.SelfOutput), parts.Intermediate, parts.Output);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, AttentionMask mask)
    {
        using var attended = attention.call(hidden, mask);
        using var seen = output.Enter(attended);
        using var expanded = intermediate.call(seen); // [B, T, 4H]
        return output.call(expanded, attended);
    }

    sealed class Attention : nn.Module<Tensor, AttentionMask, Tensor>
    {
        [ComponentName(Name = "self")]
        readonly SelfAttention self;

        [ComponentName(Name = "output")]
        readonly ResidualNorm output;

        public Attention(SelfAttention self, ResidualNorm output) : base(nameof(Attention))
        {
            (this.self, this.output) = (self, output);
            RegisterComponents();
        }

        public override Tensor forward(Tensor hidden, AttentionMask mask)
        {
            using var seen = output.Enter(hidden);
            using var attended = self.call(seen, mask);
            return output.call(attended, hidden);
        }
    }
}
