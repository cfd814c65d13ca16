namespace MLPipelines.Trainers.Schedules;

/// <summary>The linear rise at the beginning of a run, which all schedules share.</summary>
static class WarmUp
{
    /// <summary>The number of steps that rise: ⌈ratio · steps⌉.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is not one of the run's.</exception>
    public static long Steps(double ratio, long step, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, steps);
        // As decimals: 0.07 of 100 steps are 7, where the product of doubles is a little more.
        return (long)Math.Ceiling((decimal)ratio * steps);
    }

    /// <summary>The factor of a step that rises, (i + 1) / w: never 0, and 1 in the last.</summary>
    public static double Factor(long step, long warmUp) => (step + 1) / (double)warmUp;
}
