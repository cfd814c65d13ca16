namespace MLPipelines.Trainers.Training;

/// <summary>What happened in a training run.</summary>
public sealed record TrainingReport
{
    /// <summary>Why the run ended.</summary>
    public required TrainingOutcome Outcome { get; init; }

    /// <summary>One entry for each epoch that was completed.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch whose weights were kept, counted from 1: the best on the validation set, or the last completed one without a validation set (the weights of a cancelled run are then some steps further). 0 when none was completed.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The validation metrics of the weights that were kept; null without a validation set.</summary>
    public ValidationMetrics? Best => Epochs.FirstOrDefault(e => e.Epoch == BestEpoch)?.Validation;

    /// <summary>Steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps among them whose loss or gradient was not finite. They changed nothing, unless the optimiser has a guard of its own, as Tiger has.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Wall time of the whole run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Training speed in real tokens a second over the whole run, validation not counted.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Trainable numbers in the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Training examples; a text longer than the encoder's limit gives several.</summary>
    public required int Examples { get; init; }

    /// <summary>What the trainer has to say about its data, such as gold spans that no token boundary matches or pairs that were shortened, in full sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
