using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>ZLPR for labels that apply with a probability each: soft-label multi-label cross entropy.</summary>
/// <remarks>
/// With scores s and targets t in [0, 1]: L = ln(1 + Σ t · exp(−s)) + ln(1 + Σ (1 − t) · exp(s)). Targets of exactly 0 and 1 give <see cref="ZlprLoss"/>.
/// The minimum lies where t = σ(2s): a label's probability is σ(2s), not σ(s), and it is above ½ where s is above 0. That holds for targets that are probabilities. Where hard labels
/// of equal rows contradict each other, the mean loss of these rows has its minimum elsewhere: for one label in doubt beside certain ones at σ(s) = its frequency.
/// <para>
/// Logarithms of targets are exact, ln 0 = −∞: targets are never moved away from 0 and 1, which for confident scores would turn the gradient around. The result is exact and the gradient
/// finite for scores to ±1e4 and beyond; a class whose score is infinite or whose mask is false is removed from both sums, in the value and in the gradient.
/// </para>
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>logits</term><description>floating point [rows…, C]</description></item>
/// <item><term>targets</term><description>[rows…, C], boolean, or numbers in [0, 1]; others give a loss that is not a number</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to logits; false = the class does not exist for this row</description></item>
/// </list>
/// Source: Su, soft-label multi-label cross entropy, https://kexue.fm/archives/9064; Su et al., ZLPR, https://arxiv.org/abs/2208.02955.
/// Related: <see cref="SigmoidCrossEntropyLoss"/> treats every label by itself.
/// </remarks>
/// <example><code>
/// using var loss = new SoftZlprLoss().Compute(scores, probabilities);   // float32 [8, 28] each
/// </code></example>
[PipelineComponent("loss.zlpr-soft.v1", Source = "https://kexue.fm/archives/9064", Summary = "Multi-label cross entropy, each label with a probability")]
public sealed class SoftZlprLoss(SoftZlprLoss.Options options) : IProbabilisticLoss
{
    /// <summary>Settings of <see cref="SoftZlprLoss"/>.</summary>
    public sealed record Options
    {
        /// <summary>How the rows' losses become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;
    }

    readonly Options options = OptionsValidator.Validate(options, "loss.zlpr-soft.v1");

    /// <summary>Makes the loss with its default options.</summary>
    public SoftZlprLoss() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public double ProbabilityScale => 2;

    /// <inheritdoc/>
    public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var removed = ZlprTerms.Removed(logits, mask);
        var scores = ZlprTerms.Widen(logits).masked_fill(removed, 0); // [rows…, C]
        var t = targets.to(scores.dtype);
        var positives = t.log().sub(scores).masked_fill(removed, double.NegativeInfinity);
        var negatives = t.neg().log1p().add(scores).masked_fill(removed, double.NegativeInfinity);
        var rows = ZlprTerms.LogOnePlusSumExp(negatives).add(ZlprTerms.LogOnePlusSumExp(positives)); // [rows…]
        return ZlprTerms.Reduce(rows, options.Reduction).MoveToOuterDisposeScope();
    }
}
