using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Schedules;

/// <summary>Rises linearly from near 0 to the peak, then falls along half a cosine.</summary>
/// <remarks>
/// With N steps, w = ⌈ratio · N⌉ of them for warming up and the final factor f: step i uses (i + 1) / w while i &lt; w, and f + (1 − f) · ½(1 + cos(π · (i − w) / (N − w))) afterwards.
/// Source: Loshchilov and Hutter, SGDR, https://arxiv.org/abs/1608.03983, without restarts.
/// </remarks>
/// <example><code>
/// var factor = new CosineSchedule(new() { WarmUpRatio = 0.1 }).Factor(step: 55, steps: 100);   // 0.5
/// </code></example>
[PipelineComponent("schedule.cosine.v1", Source = "https://arxiv.org/abs/1608.03983", Summary = "Linear warm-up, then half a cosine")]
public sealed class CosineSchedule(CosineSchedule.Options options) : ISchedule
{
    /// <summary>Settings of <see cref="CosineSchedule"/>.</summary>
    public sealed record Options
    {
        /// <summary>The part of all steps in which the rate rises, in [0, 1].</summary>
        /// <value>The default is 0.1.</value>
        [Range(0.0, 1.0)]
        public double WarmUpRatio { get; init; } = 0.1;

        /// <summary>The factor to which the rate falls, in [0, 1].</summary>
        /// <value>The default is 0.</value>
        [Range(0.0, 1.0)]
        public double FinalFactor { get; init; }
    }

    readonly Options options = OptionsValidator.Validate(options, "schedule.cosine.v1");

    /// <summary>Makes the schedule with its default options.</summary>
    public CosineSchedule() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public double Factor(long step, long steps)
    {
        var warmUp = WarmUp.Steps(options.WarmUpRatio, step, steps);
        return step < warmUp
            ? WarmUp.Factor(step, warmUp)
            : options.FinalFactor + (1 - options.FinalFactor) * (1 + Math.Cos(Math.PI * (step - warmUp) / (steps - warmUp))) / 2;
    }
}
