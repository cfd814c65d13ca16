using Microsoft.ML;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>What a trainer gets beside its settings: what cannot be written down, and where it keeps its state when nobody said so.</summary>
internal sealed record TrainerHooks(IDataView? Validation, IDataView? Unlabeled, Action<TrainingProgress> Progress, Action<TrainingReport> Completed, string CheckpointDirectory, CancellationToken Cancellation)
{
    internal TrainerOptions AddTo(TrainerOptions options) =>
        options with { ValidationData = Validation, UnlabeledData = Unlabeled, Progress = Progress, Completed = Completed, CancellationToken = Cancellation, CheckpointDirectory = options.CheckpointDirectory ?? CheckpointDirectory };
}
