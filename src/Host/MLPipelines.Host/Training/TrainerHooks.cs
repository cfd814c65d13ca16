using Microsoft.ML;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>What a trainer gets beside its settings: what cannot be written down.</summary>
internal sealed record TrainerHooks(IDataView? Validation, IDataView? Unlabeled, Action<TrainingProgress> Progress, Action<TrainingReport> Completed, CancellationToken Cancellation)
{
    internal TrainerOptions AddTo(TrainerOptions options) =>
        options with { ValidationData = Validation, UnlabeledData = Unlabeled, Progress = Progress, Completed = Completed, CancellationToken = Cancellation };
}
