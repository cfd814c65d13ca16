using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>R-Drop: every batch goes through the model twice with different dropout, and the two answers are drawn together.</summary>
/// <remarks>
/// L = ½ · (L₁ + L₂) + (α/4) · D, where L₁ and L₂ are the task's losses of the two passes and D is the task's symmetric divergence of the two answers: for softmax
/// the mean over rows of KL(p‖q) + KL(q‖p), summed over classes (<see cref="Divergences.SoftmaxDivergence"/>); for ZLPR and GlobalPointer the mean over rows, or over the tables of
/// texts and labels, of Σ (σ(s) − σ(t)) · (s − t) (<see cref="Divergences.SigmoidDivergence"/>). It is half of the per-example form L₁ + L₂ + (α/2) · (KL + KL), hence the same α.
/// Gradients flow through both passes. Without dropout D is 0. A step takes twice as long.
/// <para>
/// What α weighs depends on the task. For one class of many and for labels of a whole text D stays below the loss once training is under way, and α = 4 is usual (1 to 5). For spans D is a sum over the n² cells of
/// a table: noise of all cells adds up, while the loss grows with the logarithm of their number only. With random first weights α = 4 then holds every score below 0 for the first epochs; 0.02 is where
/// to begin, and more while the validation result rises: less for longer texts, more for a pretrained encoder, whose answers differ less.
/// </para>
/// <para>Middleware inside it, such as <see cref="VirtualAdversarialTraining"/>, acts on each pass; middleware outside it, such as <see cref="Mixup"/>, on both together.</para>
/// The task implements <see cref="IConsistencyTask"/>.
/// Source: Liang et al., R-Drop: Regularized Dropout for Neural Networks, https://arxiv.org/abs/2106.14448; for GlobalPointer, https://kexue.fm/archives/9039.
/// </remarks>
/// <example><code>
/// var loop = new TrainingLoop(options, new AdamW(), new LinearSchedule(), [new RDrop(new() { Alpha = 4 }), new GradientClipping()]);
/// </code></example>
[PipelineComponent("step.r-drop.v1", Source = "https://arxiv.org/abs/2106.14448", Summary = "Two passes with different dropout, whose answers are drawn together")]
public sealed class RDrop(RDrop.Options options) : ITrainingStep
{
    /// <summary>Settings of <see cref="RDrop"/>.</summary>
    public sealed record Options
    {
        /// <summary>The weight α, at least 0; 0 turns the second pass off.</summary>
        /// <value>The default is 4.</value>
        [Range(0.0, 1e6)]
        public double Alpha { get; init; } = 4;
    }

    readonly Options options = OptionsValidator.Validate(options, "step.r-drop.v1");

    /// <summary>Makes the middleware with its default options.</summary>
    public RDrop() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public Type NeededTask => options.Alpha == 0 ? typeof(ITrainingTask) : typeof(IConsistencyTask);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The task has no divergence, or a step inside blends the rows of both passes differently.</exception>
    public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (options.Alpha == 0) return next(context);
        if (context.Task is not IConsistencyTask task) throw TrainerErrors.NeedsTask("step.r-drop.v1", typeof(IConsistencyTask), context.Task);
        var first = next(context);
        var (scores, blend) = (context.Logits!, context.ScoredBatch?.Mixture);
        var second = next(context);
        if (!ReferenceEquals(blend, context.ScoredBatch?.Mixture)) throw TrainerErrors.DifferentBlends();
        var divergence = task.Divergence(scores, context.Logits!, context.Batch);
        return first.add(second).mul(0.5).add(divergence, options.Alpha / 4);
    }
}
