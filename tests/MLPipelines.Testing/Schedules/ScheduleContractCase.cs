using MLPipelines.Trainers.Schedules;

namespace MLPipelines.Testing;

/// <summary>A learning rate schedule, and some of its values.</summary>
/// <param name="schedule">The schedule.</param>
/// <param name="goldens">Values computed by hand from the formula: step, steps, factor. At least one.</param>
public sealed class ScheduleContractCase(ISchedule schedule, IReadOnlyList<(long Step, long Steps, double Factor)> goldens)
{
    /// <summary>The schedule.</summary>
    public ISchedule Schedule { get; } = schedule;

    /// <summary>Values computed by hand.</summary>
    public IReadOnlyList<(long Step, long Steps, double Factor)> Goldens { get; } = goldens;
}
