namespace MLPipelines.Trainers.Training;

/// <summary>The state of a training run after a step, or after the validation at the end of an epoch.</summary>
public sealed record TrainingProgress
{
    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the whole run, if it is not stopped early.</summary>
    public required long Steps { get; init; }

    /// <summary>The current epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the whole run, if it is not stopped early.</summary>
    public required int Epochs { get; init; }

    /// <summary>The loss of the last step; at the end of an epoch, the mean over its steps.</summary>
    public required double Loss { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training speed in real tokens a second, over this epoch so far, validation not counted.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Training speed in examples a second, over this epoch so far, validation not counted.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Time since the run began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The estimated time to the end of the run, validation included as measured so far.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>Steps so far whose loss or gradient was not finite and which therefore changed nothing.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Whether an epoch has just ended.</summary>
    public bool IsEpochEnd { get; init; }

    /// <summary>The validation of the epoch that just ended; null within an epoch and without a validation set.</summary>
    public ValidationMetrics? Validation { get; init; }

    /// <summary>Whether the epoch that just ended is the best so far.</summary>
    public bool IsBest { get; init; }
}
