using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Losses;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Divergences;

/// <summary>The symmetric Kullback-Leibler divergence of independent yes-or-no decisions: for ZLPR with many labels and for GlobalPointer.</summary>
/// <remarks>
/// For a row with scores s and t: D = Σ over classes of (σ(s) − σ(t)) · (s − t), which is Σ [KL(σ(s)‖σ(t)) + KL(σ(t)‖σ(s))] between the Bernoulli distributions with these
/// probabilities. It is summed over the classes of a row, which for GlobalPointer are the n² cells of one label's table, and then reduced over rows: the mean (each of the B · E
/// tables of a batch of B texts and E labels counts as a row), or the sum over everything. Nothing is halved or doubled.
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>first, second</term><description>floating point [rows…, C]; a class whose score is infinite in either counts as not existing</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to the scores; false = the class does not exist for this row</description></item>
/// </list>
/// Source: Su, GlobalPointer under the KL divergence, https://kexue.fm/archives/9039.
/// Related: <see cref="SoftmaxDivergence"/> for one class out of many.
/// </remarks>
/// <example><code>
/// using var d = new SigmoidDivergence().Compute(first.flatten(2), second.flatten(2), cells);   // [B, E, T·T], cells [B, 1, T·T]
/// </code></example>
[PipelineComponent("divergence.sigmoid.v1", Source = "https://kexue.fm/archives/9039", Summary = "Symmetric KL divergence of independent labels or cells")]
public sealed class SigmoidDivergence(SigmoidDivergence.Options options) : IDivergence
{
    /// <summary>Settings of <see cref="SigmoidDivergence"/>.</summary>
    public sealed record Options
    {
        /// <summary>How the rows' divergences become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;
    }

    readonly Options options = OptionsValidator.Validate(options, "divergence.sigmoid.v1");

    /// <summary>Makes the divergence with its default options.</summary>
    public SigmoidDivergence() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public Tensor Compute(Tensor first, Tensor second, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var removed = ZlprTerms.Removed(first, mask).logical_or(second.isinf());
        var (s, t) = (ZlprTerms.Widen(first), ZlprTerms.Widen(second)); // [rows…, C]
        // The difference of the probabilities is finite everywhere, so it is enough that the other factor is 0 where nothing exists.
        var rows = s.sigmoid().sub(t.sigmoid()).mul(s.sub(t).masked_fill_(removed, 0)).sum(-1); // [rows…]
        return ZlprTerms.Reduce(rows, options.Reduction).MoveToOuterDisposeScope();
    }
}
