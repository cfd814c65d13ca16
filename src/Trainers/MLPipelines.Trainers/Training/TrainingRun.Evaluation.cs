using MLPipelines.Layers;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

sealed partial class TrainingRun
{
    /// <summary>Uses the module as the finished model that it will be: in evaluation mode, in its own precision, with what middleware makes of its weights.</summary>
    void Evaluate(Action use)
    {
        task.Module.eval();
        MixedPrecision.Set(task.Module, null);
        var isUsed = false;
        var evaluate = () =>
        {
            isUsed = true;
            use();
        };
        foreach (var step in steps.Reverse())
        {
            var inner = evaluate;
            evaluate = () => step.Evaluate(task.Module, inner);
        }
        evaluate();
        if (!isUsed) throw TrainerErrors.EvaluationSkipped();
    }

    ValidationMetrics? Validate()
    {
        using var noGrad = no_grad();
        return task.Validate(cancellationToken);
    }

    TrainingProgress Progress(int epoch, double loss, double learningRate) => new()
    {
        Step = stepsDone,
        Steps = totalSteps,
        Epoch = epoch,
        Epochs = options.Epochs,
        Loss = loss,
        LearningRate = learningRate,
        SkippedSteps = nonFinite.Skipped,
        TokensPerSecond = clock.EpochTokensPerSecond,
        RowsPerSecond = clock.EpochRowsPerSecond,
        Elapsed = clock.Elapsed,
        Remaining = Remaining,
    };

    TimeSpan Remaining
    {
        get
        {
            var steps = clock.Remaining(stepsDone);
            if (options.TimeLimit == TimeSpan.Zero) return steps;
            // The epoch's last step and its validation may take longer than the limit.
            var limit = options.TimeLimit - clock.Elapsed;
            return limit < TimeSpan.Zero ? TimeSpan.Zero : limit < steps ? limit : steps;
        }
    }
}
