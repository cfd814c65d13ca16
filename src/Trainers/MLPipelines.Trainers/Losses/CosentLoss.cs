using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>Ranks pairs of sentences: of two pairs, the one with the higher given score shall have the higher cosine (CoSENT).</summary>
/// <remarks>
/// With cosines s and given scores t of the pairs of a batch: L = ln(1 + Σ over (i, j) with tᵢ &gt; tⱼ of exp(λ · (sⱼ − sᵢ))). Only the order of the scores counts, so any scale will do, grades and
/// yes-or-no alike, and training follows what Spearman's correlation measures. Pairs of equal score are not compared; where all are equal the loss is 0.
/// The result is exact and its gradient finite for any finite input; a pair whose score is infinite or whose mask is false is compared with none.
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>logits</term><description>floating point [rows…, N]: how similar the sentences of each of N pairs are, usually their cosine; every row is a batch of pairs of its own</description></item>
/// <item><term>targets</term><description>numbers [rows…, N]: how similar they should be; only the order within a row counts</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to logits; false = there is no such pair</description></item>
/// </list>
/// Memory: N² numbers for each row.
/// Source: Su, CoSENT, https://kexue.fm/archives/8847.
/// Related: <see cref="ZlprLoss"/>, the same formula between true and false classes and a threshold.
/// </remarks>
/// <example><code>
/// using var loss = new CosentLoss().Compute(cosines, scores);   // float32 [32] each
/// </code></example>
[PipelineComponent("loss.cosent.v1", Source = "https://kexue.fm/archives/8847", Summary = "Ranks sentence pairs by their given scores")]
public sealed class CosentLoss(CosentLoss.Options options) : ILoss
{
    /// <summary>Settings of <see cref="CosentLoss"/>.</summary>
    public sealed record Options
    {
        /// <summary>The factor λ by which differences of cosines are multiplied, above 0: the larger, the more the worst comparisons count.</summary>
        /// <value>The default is 20.</value>
        [Range(0.0, 1e6, MinimumIsExclusive = true)]
        public double Scale { get; init; } = 20;

        /// <summary>How the rows' losses become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;
    }

    readonly Options options = OptionsValidator.Validate(options, "loss.cosent.v1");

    /// <summary>Makes the loss with its default options.</summary>
    public CosentLoss() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public LossTargets Targets => LossTargets.Other;

    /// <inheritdoc/>
    public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var removed = ZlprTerms.Removed(logits, mask);
        var scores = ZlprTerms.Widen(logits).masked_fill(removed, 0).mul(options.Scale); // [rows…, N]
        var ignored = targets.unsqueeze(-1).le(targets.unsqueeze(-2)).logical_or(removed.unsqueeze(-1)).logical_or(removed.unsqueeze(-2)); // [rows…, N, N], false where tᵢ > tⱼ
        var differences = scores.unsqueeze(-2).sub(scores.unsqueeze(-1)).masked_fill(ignored, double.NegativeInfinity); // [rows…, N, N], λ · (sⱼ − sᵢ)
        var rows = ZlprTerms.LogOnePlusSumExp(differences.flatten(-2)); // [rows…]
        return ZlprTerms.Reduce(rows, options.Reduction).MoveToOuterDisposeScope();
    }
}
