namespace MLPipelines.Trainers.Training;

/// <summary>One completed epoch.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Loss">The mean loss over its steps.</param>
/// <param name="Validation">The validation metrics; null without a validation set.</param>
/// <param name="Elapsed">Wall time of its training steps.</param>
/// <param name="ValidationElapsed">Wall time of its validation.</param>
/// <param name="TokensPerSecond">Training speed in real tokens a second.</param>
public sealed record EpochReport(int Epoch, double Loss, ValidationMetrics? Validation, TimeSpan Elapsed, TimeSpan ValidationElapsed, double TokensPerSecond);
