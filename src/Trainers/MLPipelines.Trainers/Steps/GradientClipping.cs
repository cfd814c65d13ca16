using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers.Steps;

/// <summary>Scales the gradients of a step down when their norm, taken over all parameters together, is above a limit.</summary>
/// <remarks>
/// g ← g · min(1, limit / (‖g‖₂ + 1e-6)). The factor is handed to the optimiser, which applies it while it reads the gradients.
/// Source: Pascanu et al., https://arxiv.org/abs/1211.5063.
/// </remarks>
/// <example><code>
/// var loop = new TrainingLoop(options, new AdamW(), new LinearSchedule(), [new GradientClipping(new() { MaximumNorm = 1 })]);
/// </code></example>
[PipelineComponent("step.gradient-clipping.v1", Source = "https://arxiv.org/abs/1211.5063", Summary = "Clips gradients by their global norm")]
public sealed class GradientClipping(GradientClipping.Options options) : ITrainingStep
{
    /// <summary>Settings of <see cref="GradientClipping"/>.</summary>
    public sealed record Options
    {
        /// <summary>The largest norm that is left alone, above 0.</summary>
        /// <value>The default is 1.</value>
        [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
        public double MaximumNorm { get; init; } = 1;
    }

    readonly Options options = OptionsValidator.Validate(options, "step.gradient-clipping.v1");

    /// <summary>Makes the middleware with its default options.</summary>
    public GradientClipping() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public void Update(StepContext context, Action<StepContext> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var norm = context.Gradients.Norm();
        if (double.IsFinite(norm)) context.Gradients.Scale *= Math.Min(1, options.MaximumNorm / (norm + 1e-6));
        next(context);
    }
}
