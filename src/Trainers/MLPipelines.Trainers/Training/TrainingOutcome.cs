namespace MLPipelines.Trainers.Training;

/// <summary>Why a training run ended.</summary>
public enum TrainingOutcome
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The validation metric had not improved for as many epochs as patience allows.</summary>
    StoppedEarly,

    /// <summary>The time that it was given was over.</summary>
    TimeLimit,

    /// <summary>It was cancelled, and the best model so far was asked for.</summary>
    Cancelled,
}
