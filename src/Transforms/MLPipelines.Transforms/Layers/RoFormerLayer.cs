using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>One layer of attention and feed-forward, each with its residual. The nesting gives parameters the names of BERT checkpoints.</summary>
/// <remarks>Parameters: <c>attention.self.*</c>, <c>attention.output.*</c>, <c>intermediate.*</c>, <c>output.*</c>, with the names of the parts below them.</remarks>
public sealed class RoFormerLayer : nn.Module<Tensor, AttentionMask, Tensor>
{
    [ComponentName(Name = "attention")]
    readonly Attention attention;

    [ComponentName(Name = "intermediate")]
    readonly ActivatedDense intermediate;

    [ComponentName(Name = "output")]
    readonly ResidualNorm output;

    /// <summary>Puts the parts together and owns them.</summary>
    /// <param name="self">The attention.</param>
    /// <param name="selfOutput">Ends the attention's sub-layer.</param>
    /// <param name="intermediate">Widens.</param>
    /// <param name="output">Narrows, and ends the feed-forward's sub-layer.</param>
    public RoFormerLayer(SelfAttention self, ResidualNorm selfOutput, ActivatedDense intermediate, ResidualNorm output) : base(nameof(RoFormerLayer))
    {
        (attention, this.intermediate, this.output) = (new(self, selfOutput), intermediate, output);
        RegisterComponents();
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">What each query may look at.</param>
    /// <returns>[B, T, H], fresh.</returns>
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
