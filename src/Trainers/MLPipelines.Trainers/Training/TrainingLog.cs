using System.Diagnostics;
using MLPipelines.Interop;

namespace MLPipelines.Trainers.Training;

/// <summary>Writes the progress of a run to the context's log: every epoch, and within long epochs a line now and then.</summary>
sealed class TrainingLog(HostChannel channel)
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    readonly Stopwatch sinceLine = Stopwatch.StartNew();

    public void Write(TrainingProgress p)
    {
        if (!p.IsEpochEnd && sinceLine.Elapsed < s_pause) return;
        sinceLine.Restart();
        var validation = p.Validation is { } v ? string.Concat(v.All.Select(m => TrainerErrors.Invariant($", {m.Key} {m.Value:F4}"))) + (p.IsBest ? " (best)" : "") : "";
        channel.Info(TrainerErrors.Invariant(
            $"epoch {p.Epoch}/{p.Epochs}, step {p.Step}/{p.Steps}, loss {p.Loss:F4}, rate {p.LearningRate:G3}, {p.TokensPerSecond:F0} tokens/s, {p.RowsPerSecond:F0} rows/s, {(long)p.Remaining.TotalHours:00}:{p.Remaining:mm\\:ss} left{validation}"));
    }

    public void Write(TrainingReport r)
    {
        if (r.SkippedSteps > 0) channel.Warning(TrainerErrors.Invariant($"{r.SkippedSteps} of {r.Steps} steps had a loss or a gradient that is not finite; they were skipped"));
        var best = r.Best is { } b ? TrainerErrors.Invariant($", best epoch {r.BestEpoch} with {b.Name} {b.Value:F4}") : "";
        channel.Info(TrainerErrors.Invariant(
            $"{Words(r.Outcome)} after {r.Epochs.Count} epochs and {r.Steps} steps in {r.Elapsed.TotalSeconds:F1} s, {r.TokensPerSecond:F0} tokens/s{best}"));
    }

    static string Words(TrainingOutcome outcome) => outcome switch
    {
        TrainingOutcome.StoppedEarly => "Training stopped early",
        TrainingOutcome.TimeLimit => "Training ended because its time was over",
        TrainingOutcome.Cancelled => "Training was cancelled",
        _ => "Training completed",
    };
}
