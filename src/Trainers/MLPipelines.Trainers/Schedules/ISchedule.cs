namespace MLPipelines.Trainers.Schedules;

/// <summary>How the learning rate changes over a training run.</summary>
/// <remarks>A pure function: no state, safe for concurrent use, so that a resumed run continues exactly.</remarks>
public interface ISchedule
{
    /// <summary>The part of the peak learning rate that one step uses.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">The number of steps of the whole run, above <paramref name="step"/>.</param>
    /// <returns>A factor in [0, 1].</returns>
    double Factor(long step, long steps);
}
