using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>Cross entropy of every label by itself, as if each were a yes-or-no question of its own (binary cross entropy).</summary>
/// <remarks>
/// L = Σ over classes of −t · ln σ(s) − (1 − t) · ln σ(−s), summed over the classes of a row. A label's probability is σ(s). With few true and many false classes the false ones
/// dominate, and the best threshold has to be tuned; the ZLPR losses do not have that problem, and this one is here to compare with.
/// Exact for large scores; a class whose score is infinite or whose mask is false contributes nothing.
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>logits</term><description>floating point [rows…, C]</description></item>
/// <item><term>targets</term><description>[rows…, C], boolean, or numbers in [0, 1]</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to logits; false = the class does not exist for this row</description></item>
/// </list>
/// Source: Bishop, Pattern Recognition and Machine Learning, section 4.3.2, https://www.microsoft.com/en-us/research/people/cmbishop/prml-book/.
/// Related: <see cref="SoftZlprLoss"/>.
/// </remarks>
/// <example><code>
/// using var loss = new SigmoidCrossEntropyLoss().Compute(scores, labels);   // scores float32 [8, 28], labels bool or float32 [8, 28]
/// </code></example>
[PipelineComponent("loss.sigmoid-cross-entropy.v1", Source = "https://www.microsoft.com/en-us/research/people/cmbishop/prml-book/", Summary = "Multi-label cross entropy, every label by itself")]
public sealed class SigmoidCrossEntropyLoss(SigmoidCrossEntropyLoss.Options options) : IProbabilisticLoss
{
    /// <summary>Settings of <see cref="SigmoidCrossEntropyLoss"/>.</summary>
    public sealed record Options
    {
        /// <summary>How the rows' losses become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;
    }

    readonly Options options = OptionsValidator.Validate(options, "loss.sigmoid-cross-entropy.v1");

    /// <summary>Makes the loss with its default options.</summary>
    public SigmoidCrossEntropyLoss() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public double ProbabilityScale => 1;

    /// <inheritdoc/>
    public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var removed = ZlprTerms.Removed(logits, mask);
        var scores = ZlprTerms.Widen(logits).masked_fill(removed, 0); // [rows…, C]
        var t = targets.to(scores.dtype);
        // −ln σ(s) = −ln σ(−s) − s, so that one logarithm serves both terms.
        var classes = nn.functional.logsigmoid(scores.neg()).neg().sub(scores.mul(t)).masked_fill(removed, 0);
        return ZlprTerms.Reduce(classes.sum(-1), options.Reduction).MoveToOuterDisposeScope();
    }
}
