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
        Remaining = options.TimeLimit > TimeSpan.Zero && options.TimeLimit - clock.Elapsed is var left && left < clock.Remaining(stepsDone) ? left : clock.Remaining(stepsDone),
    };
}
