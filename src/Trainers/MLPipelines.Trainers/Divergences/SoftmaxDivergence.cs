using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Losses;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Divergences;

/// <summary>The Kullback-Leibler divergence, in both directions, of distributions over classes of which one applies.</summary>
/// <remarks>
/// For a row with p = softmax(s) and q = softmax(t): D = KL(p‖q) + KL(q‖p) = Σ over classes of (p − q) · (ln p − ln q). It is summed over classes, never averaged over them, and
/// then reduced over rows: the mean, or the sum. <see cref="ComputeFrom"/> is one direction, Σ p · (ln p − ln q) with p from the reference.
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>first, second</term><description>floating point [rows…, C]; a class whose score is infinite in either counts as not existing</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to the scores; false = the class does not exist for this row</description></item>
/// </list>
/// Source: Liang et al., R-Drop, https://arxiv.org/abs/2106.14448.
/// Related: <see cref="SigmoidDivergence"/> for any number of classes that apply.
/// </remarks>
/// <example><code>
/// using var d = new SoftmaxDivergence().Compute(first, second);   // [B, C] each
/// </code></example>
[PipelineComponent("divergence.softmax.v1", Source = "https://arxiv.org/abs/2106.14448", Summary = "Symmetric KL divergence of distributions over classes")]
public sealed class SoftmaxDivergence(SoftmaxDivergence.Options options) : IDivergence
{
    /// <summary>Settings of <see cref="SoftmaxDivergence"/>.</summary>
    public sealed record Options
    {
        /// <summary>How the rows' divergences become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;
    }

    readonly Options options = OptionsValidator.Validate(options, "divergence.softmax.v1");

    /// <summary>Makes the divergence with its default options.</summary>
    public SoftmaxDivergence() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public Tensor Compute(Tensor first, Tensor second, Tensor? mask = null) => Reduce(first, second, mask, static (p, q) => p.exp().sub(q.exp()));

    /// <inheritdoc/>
    public Tensor ComputeFrom(Tensor reference, Tensor scores, Tensor? mask = null) => Reduce(reference, scores, mask, static (p, _) => p.exp());

    Tensor Reduce(Tensor first, Tensor second, Tensor? mask, Func<Tensor, Tensor, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        var removed = ZlprTerms.Removed(first, mask).logical_or(second.isinf());
        var (p, q) = (LogProbabilities(first, removed), LogProbabilities(second, removed)); // [rows…, C]
        var rows = weight(p, q).mul(p.sub(q)).masked_fill(removed, 0).sum(-1); // [rows…]
        return ZlprTerms.Reduce(rows, options.Reduction).MoveToOuterDisposeScope();
    }

    // Finite even where nothing exists: the exponential of a removed class is 0, and so is its share of the gradient.
    static Tensor LogProbabilities(Tensor scores, Tensor removed) => ZlprTerms.Widen(scores).masked_fill(removed, ZlprTerms.Lowest).log_softmax(-1);
}
