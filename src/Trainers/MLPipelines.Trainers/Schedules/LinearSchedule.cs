using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Schedules;

/// <summary>Rises linearly from near 0 to the peak, then falls linearly towards 0.</summary>
/// <remarks>
/// With N steps and w = ⌈ratio · N⌉ of them for warming up: step i uses (i + 1) / w while i &lt; w, and (N − i) / (N − w) afterwards.
/// The first step is never 0 and the last is 1 / (N − w), so no step is wasted.
/// Source: Devlin et al., BERT, https://arxiv.org/abs/1810.04805, appendix A.2.
/// </remarks>
/// <example><code>
/// var factor = new LinearSchedule(new() { WarmUpRatio = 0.1 }).Factor(step: 55, steps: 100);   // 0.5
/// </code></example>
[PipelineComponent("schedule.linear.v1", Source = "https://arxiv.org/abs/1810.04805", Summary = "Linear warm-up, then linear decay")]
public sealed class LinearSchedule(LinearSchedule.Options options) : ISchedule
{
    /// <summary>Settings of <see cref="LinearSchedule"/>.</summary>
    public sealed record Options
    {
        /// <summary>The part of all steps in which the rate rises, in [0, 1].</summary>
        /// <value>The default is 0.1.</value>
        [Range(0.0, 1.0)]
        public double WarmUpRatio { get; init; } = 0.1;
    }

    readonly Options options = OptionsValidator.Validate(options, "schedule.linear.v1");

    /// <summary>Makes the schedule with its default options.</summary>
    public LinearSchedule() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public double Factor(long step, long steps)
    {
        var warmUp = WarmUp.Steps(options.WarmUpRatio, step, steps);
        return step < warmUp ? WarmUp.Factor(step, warmUp) : (steps - step) / (double)(steps - warmUp);
    }
}
