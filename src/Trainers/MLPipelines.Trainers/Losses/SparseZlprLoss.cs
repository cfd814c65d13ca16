using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>ZLPR for rows with very many classes of which few are true, such as the n² cells of a span scorer.</summary>
/// <remarks>
/// The same number as <see cref="ZlprLoss"/>, but the true classes are listed, so that no dense target tensor exists: the cost is one masked copy
/// of the scores, in which the exponentials are computed, and one sum.
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>logits</term><description>floating point [rows…, C]; finite, or −∞ for a class that does not exist</description></item>
/// <item><term>targets</term><description>int64 [rows…, K], K at least 1: indices of the true classes of each row, padded with −1; an index at most once in a row</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to logits; false = the class does not exist for this row and is removed from both sums</description></item>
/// </list>
/// Source: Su et al., ZLPR, https://arxiv.org/abs/2208.02955; over spans: GlobalPointer, https://arxiv.org/abs/2208.03054.
/// </remarks>
/// <example><code>
/// // Two rows of five classes; classes 1 and 3 are true in the first row, none in the second.
/// using var targets = tensor(new long[] { 1, 3, -1, -1 }, [2, 2]);
/// using var loss = new SparseZlprLoss().Compute(scores, targets);
/// </code></example>
[PipelineComponent("loss.zlpr-sparse.v1", Source = "https://arxiv.org/abs/2208.02955", Summary = "Multi-label cross entropy, true classes given as indices")]
public sealed class SparseZlprLoss(SparseZlprLoss.Options options) : IProbabilisticLoss
{
    /// <summary>Settings of <see cref="SparseZlprLoss"/>.</summary>
    public sealed record Options
    {
        /// <summary>How the rows' losses become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;
    }

    readonly Options options = OptionsValidator.Validate(options, "loss.zlpr-sparse.v1");

    /// <summary>Makes the loss with its default options.</summary>
    public SparseZlprLoss() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public LossTargets Targets => LossTargets.Indices;

    /// <inheritdoc/>
    public double ProbabilityScale => 2;

    /// <inheritdoc/>
    public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var scores = ZlprTerms.Widen(logits);                         // [rows…, C]
        var indices = targets.clamp_min(0);                           // [rows…, K]
        var listed = scores.gather(-1, indices);                      // [rows…, K]
        var isTrue = targets.ge(0) & listed.ne(double.NegativeInfinity);
        if (mask is not null) isTrue = isTrue & mask.expand(scores.shape).gather(-1, indices);
        var positives = listed.masked_fill(~isTrue, double.PositiveInfinity).neg();

        // Adding −∞ at the true classes takes them out of the negative sum; padding adds 0 to class 0.
        var remove = zeros_like(listed, requires_grad: false).masked_fill_(isTrue, double.NegativeInfinity);
        var negatives = mask is null ? scores.clone() : scores.masked_fill(~mask, double.NegativeInfinity);
        negatives = negatives.scatter_add_(-1, indices, remove);

        var rows = ZlprTerms.LogOnePlusSumExp(negatives).add(ZlprTerms.LogOnePlusSumExp(positives)); // [rows…]
        return ZlprTerms.Reduce(rows, options.Reduction).MoveToOuterDisposeScope();
    }
}
