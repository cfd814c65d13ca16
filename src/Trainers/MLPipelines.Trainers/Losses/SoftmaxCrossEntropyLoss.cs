using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>Cross entropy for one class out of many, with class weights and label smoothing.</summary>
/// <remarks>
/// With p = softmax(s) over the classes that exist for a row, C of them, smoothing ε and weights w: L = −Σ over classes of w · q · ln p, where q = (1 − ε) · y + ε/C and y is the
/// target's distribution, 1 for the true class of a row and 0 for others. Rows without a target are left out. The mean is over the remaining rows, each counting 1 whatever its
/// class weight, so the mean over a batch is the mean of the means over its parts.
/// <list type="table">
/// <listheader><term>input</term><description>shape</description></listheader>
/// <item><term>logits</term><description>floating point [rows…, C]; an infinite score is a class that does not exist</description></item>
/// <item><term>targets</term><description>int64 [rows…]: the true class, negative for a row without target; or floating point [rows…, C]: a distribution</description></item>
/// <item><term>mask</term><description>boolean, broadcastable to logits; false = the class does not exist for this row</description></item>
/// </list>
/// Source: Szegedy et al., label smoothing, https://arxiv.org/abs/1512.00567, section 7.
/// Related: <see cref="SoftZlprLoss"/> for any number of classes that apply.
/// </remarks>
/// <example><code>
/// using var loss = new SoftmaxCrossEntropyLoss(new() { LabelSmoothing = 0.1 }).Compute(scores, classes);   // scores float32 [8, 77], classes int64 [8]
/// </code></example>
[PipelineComponent("loss.softmax-cross-entropy.v1", Source = "https://arxiv.org/abs/1512.00567", Summary = "Cross entropy for one class out of many, with label smoothing and class weights")]
public sealed class SoftmaxCrossEntropyLoss(SoftmaxCrossEntropyLoss.Options options) : ILoss
{
    /// <summary>Settings of <see cref="SoftmaxCrossEntropyLoss"/>.</summary>
    public sealed record Options : IValidatableObject
    {
        /// <summary>The part ε of each target that is spread evenly over all classes, in [0, 1).</summary>
        /// <value>The default is 0.</value>
        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double LabelSmoothing { get; init; }

        /// <summary>What each class counts, at least 0, in the order of the scores; null when all count 1.</summary>
        /// <value>The default is null.</value>
        public IReadOnlyList<double>? ClassWeights { get; init; }

        /// <summary>How the rows' losses become one number.</summary>
        /// <value>The default is the mean.</value>
        [EnumDataType(typeof(Reduction))]
        public Reduction Reduction { get; init; } = Reduction.Mean;

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (ClassWeights is not null && (ClassWeights.Any(weight => !double.IsFinite(weight) || weight < 0) || !ClassWeights.Any(weight => weight > 0)))
            {
                yield return new("Every weight must be a number of at least 0, and one of them above 0.", [nameof(ClassWeights)]);
            }
        }
    }

    readonly Options options = OptionsValidator.Validate(options, "loss.softmax-cross-entropy.v1");

    /// <summary>Makes the loss with its default options.</summary>
    public SoftmaxCrossEntropyLoss() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public LossTargets Targets => LossTargets.OneClass;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is not one class weight for each class.</exception>
    public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var classes = logits.shape[^1];
        if (options.ClassWeights is { } weights && weights.Count != classes) throw TrainerErrors.ClassWeights(classes, weights.Count);
        var removed = ZlprTerms.Removed(logits, mask);
        var logs = ZlprTerms.Widen(logits).masked_fill(removed, ZlprTerms.Lowest).log_softmax(-1).masked_fill(removed, 0); // [rows…, C]
        var hasTarget = targets.is_floating_point() ? null : targets.ge(0); // [rows…]
        var rows = hasTarget is null ? Weigh(targets.to(logs.dtype).mul(logs)).sum(-1) : OfTrueClass(logs, targets.clamp_min(0)); // [rows…], the logarithm of the true class
        if (options.LabelSmoothing > 0)
        {
            var count = removed.logical_not().to(logs.dtype).expand(logs.shape).sum(-1).clamp_min_(1);
            rows = rows.mul(1 - options.LabelSmoothing).add(Weigh(logs).sum(-1).div(count).mul(options.LabelSmoothing));
        }
        return Reduce(rows.neg(), hasTarget).MoveToOuterDisposeScope();
    }

    Tensor OfTrueClass(Tensor logs, Tensor targets)
    {
        var rows = logs.gather(-1, targets.unsqueeze(-1)).squeeze(-1); // [rows…]
        return Weights(logs) is { } weights ? rows.mul(weights.index_select(0, targets.flatten()).reshape(targets.shape)) : rows;
    }

    Tensor Weigh(Tensor classes) => Weights(classes) is { } weights ? classes.mul(weights) : classes;

    Tensor? Weights(Tensor like) => options.ClassWeights is { } weights ? tensor(weights.ToArray(), like.dtype, like.device) : null;

    Tensor Reduce(Tensor rows, Tensor? hasTarget)
    {
        if (hasTarget is null) return ZlprTerms.Reduce(rows, options.Reduction);
        var sum = rows.masked_fill(hasTarget.logical_not(), 0).sum();
        return options.Reduction == Reduction.Sum ? sum : sum.div(hasTarget.to(rows.dtype).sum().clamp_min_(1));
    }
}
