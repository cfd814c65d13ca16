using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>Cross entropy for any number of true classes out of many (zero-bounded log-sum-exp and pairwise rank, ZLPR), hard labels.</summary>
/// <remarks>
/// L = ln(1 + Σ over false classes of exp(s)) + ln(1 + Σ over true classes of exp(−s)). A class is predicted when its score is above 0,
/// so no threshold needs tuning and the imbalance between few true and many false classes does not matter.
/// Scores are raw: no sigmoid, no softmax. The result is exact and its gradient finite for scores to ±1e4 and beyond; a class whose score is −∞
/// or whose mask is false is removed from both sums, in the value and in the gradient.
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>logits</term><description>floating point [rows…, C]</description></item>
/// <item><term>targets</term><description>[rows…, C], boolean, or numbers of which those above ½ count as true</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to logits; false = the class does not exist for this row</description></item>
/// </list>
/// Source: Su et al., ZLPR: A Novel Loss for Multi-label Classification, https://arxiv.org/abs/2208.02955.
/// Related: <see cref="SoftZlprLoss"/> takes probabilities instead; <see cref="SparseZlprLoss"/> takes the indices of the true classes instead of a dense tensor.
/// </remarks>
/// <example><code>
/// using var loss = new ZlprLoss().Compute(scores, labels);   // scores float32 [8, 28], labels bool [8, 28]
/// loss.backward();
/// </code></example>
[PipelineComponent("loss.zlpr.v1", Source = "https://arxiv.org/abs/2208.02955", Summary = "Multi-label cross entropy, dense hard labels")]
public sealed class ZlprLoss(ZlprLoss.Options options) : IProbabilisticLoss
{
    /// <summary>Settings of <see cref="ZlprLoss"/>.</summary>
    public sealed record Options
    {
        /// <summary>How the rows' losses become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;
    }

    readonly Options options = OptionsValidator.Validate(options, "loss.zlpr.v1");

    /// <summary>Makes the loss with its default options.</summary>
    public ZlprLoss() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public LossTargets Targets => LossTargets.Certain;

    /// <inheritdoc/>
    public double ProbabilityScale => 2;

    /// <inheritdoc/>
    public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var scores = ZlprTerms.Widen(logits);                                            // [rows…, C]
        var isTrue = targets.dtype == ScalarType.Bool ? targets : targets.gt(0.5);       // [rows…, C]
        var removed = scores.eq(double.NegativeInfinity);
        if (mask is not null) removed = removed | ~mask;
        var negatives = scores.masked_fill(removed | isTrue, double.NegativeInfinity);
        var positives = scores.masked_fill(removed | ~isTrue, double.PositiveInfinity).neg();
        var rows = ZlprTerms.LogOnePlusSumExp(negatives).add(ZlprTerms.LogOnePlusSumExp(positives)); // [rows…]
        return ZlprTerms.Reduce(rows, options.Reduction).MoveToOuterDisposeScope();
    }
}
