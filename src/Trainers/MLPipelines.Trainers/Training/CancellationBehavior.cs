namespace MLPipelines.Trainers.Training;

/// <summary>What a cancelled training run does.</summary>
public enum CancellationBehavior
{
    /// <summary>It throws <see cref="OperationCanceledException"/>, as .NET callers expect.</summary>
    Throw,

    /// <summary>
    /// It ends as if it were complete, with the weights of the best epoch so far, or with the current weights when no epoch was validated yet.
    /// The report says so (<see cref="TrainingOutcome.Cancelled"/>). Before the first step there is no model, and it throws all the same.
    /// </summary>
    ReturnBest,
}
