using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Schedules;

/// <summary>Rises linearly from near 0 to the peak, then stays there.</summary>
/// <remarks>
/// With N steps and w = ⌈ratio · N⌉ of them for warming up: step i uses (i + 1) / w while i &lt; w, and 1 afterwards.
/// Source: Goyal et al., gradual warm-up, https://arxiv.org/abs/1706.02677, section 2.2.
/// </remarks>
/// <example><code>
/// var factor = new ConstantSchedule(new() { WarmUpRatio = 0.25 }).Factor(step: 0, steps: 8);   // 0.5
/// </code></example>
[PipelineComponent("schedule.constant.v1", Source = "https://arxiv.org/abs/1706.02677", Summary = "Linear warm-up, then the peak rate")]
public sealed class ConstantSchedule(ConstantSchedule.Options options) : ISchedule
{
    /// <summary>Settings of <see cref="ConstantSchedule"/>.</summary>
    public sealed record Options
    {
        /// <summary>The part of all steps in which the rate rises, in [0, 1].</summary>
        /// <value>The default is 0.</value>
        [Range(0.0, 1.0)]
        public double WarmUpRatio { get; init; }
    }

    readonly Options options = OptionsValidator.Validate(options, "schedule.constant.v1");

    /// <summary>Makes the schedule with its default options.</summary>
    public ConstantSchedule() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public double Factor(long step, long steps)
    {
        var warmUp = WarmUp.Steps(options.WarmUpRatio, step, steps);
        return step < warmUp ? WarmUp.Factor(step, warmUp) : 1;
    }
}
