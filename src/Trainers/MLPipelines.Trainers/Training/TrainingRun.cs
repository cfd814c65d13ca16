using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>The state of one run of the <see cref="TrainingLoop"/>.</summary>
sealed class TrainingRun : IDisposable
{
    readonly TrainingLoop.Options options;
    readonly ISchedule schedule;
    readonly ITrainingTask task;
    readonly Generator generator;
    readonly Action<TrainingProgress>? progress;
    readonly CancellationToken cancellationToken;
    readonly IReadOnlyList<ParameterGroup> groups;
    readonly IOptimizer optimizer;
    readonly Func<StepContext, Tensor> computeLoss;
    readonly Action<StepContext> update;
    readonly long totalSteps;
    readonly TrainingClock clock;
    readonly WeightSnapshot best = new();
    readonly List<EpochReport> epochs = [];
    EpochReport? bestEpoch;
    long stepsDone;

    public TrainingRun(
        TrainingLoop.Options options, IOptimizerFactory factory, ISchedule schedule, IReadOnlyList<ITrainingStep> steps,
        ITrainingTask task, Generator generator, Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        (this.options, this.schedule, this.task, this.generator, this.progress, this.cancellationToken) = (options, schedule, task, generator, progress, cancellationToken);
        var stepsPerEpoch = BucketedBatches.Count(task.Lengths.Count, options.BatchSize);
        totalSteps = (long)options.Epochs * stepsPerEpoch;
        clock = new TrainingClock(options.Epochs, stepsPerEpoch);
        groups = ParameterGroup.Split(task.Module, options.WeightDecay);
        optimizer = factory.Create(groups);

        computeLoss = context =>
        {
            context.Logits = task.Forward(context.Batch);
            return task.Loss(context.Logits, context.Batch);
        };
        update = context => optimizer.Step(context.Gradients, context.LearningRate);
        foreach (var step in steps.Reverse())
        {
            var (innerLoss, innerUpdate) = (computeLoss, update);
            computeLoss = context => step.ComputeLoss(context, innerLoss);
            update = context => step.Update(context, innerUpdate);
        }
    }

    public TrainingReport Execute()
    {
        var outcome = TrainingOutcome.Completed;
        try
        {
            for (var epoch = 1; epoch <= options.Epochs && outcome == TrainingOutcome.Completed; epoch++)
            {
                RunEpoch(epoch);
                if (options.Patience > 0 && epoch < options.Epochs && epoch - bestEpoch!.Epoch >= options.Patience) outcome = TrainingOutcome.StoppedEarly;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && stepsDone > 0 && options.OnCancellation == CancellationBehavior.ReturnBest)
        {
            outcome = TrainingOutcome.Cancelled;
        }
        if (!best.IsEmpty) best.Restore(task.Module);
        task.Module.eval();
        return new TrainingReport
        {
            Outcome = outcome,
            Epochs = epochs,
            BestEpoch = bestEpoch?.Epoch ?? 0,
            Steps = stepsDone,
            Elapsed = clock.Elapsed,
            TokensPerSecond = clock.TokensPerSecond,
            Parameters = groups.SelectMany(g => g.Parameters).Sum(p => p.Parameter.NumberOfElements),
            Examples = task.Lengths.Count,
        };
    }

    void RunEpoch(int epoch)
    {
        clock.BeginEpoch();
        task.Module.train();
        var (lossSum, batches) = (0.0, BucketedBatches.Shuffle(task.Lengths, options.BatchSize, generator));
        var learningRate = 0.0;
        foreach (var examples in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            learningRate = options.LearningRate * schedule.Factor(stepsDone, totalSteps);
            var loss = RunStep(epoch, examples, learningRate);
            lossSum += loss;
            progress?.Invoke(Progress(epoch, loss, learningRate));
        }

        clock.BeginValidation();
        var validation = Validate();
        clock.EndValidation();
        var report = new EpochReport(epoch, lossSum / batches.Count, validation, clock.EpochElapsed, clock.ValidationElapsed, clock.EpochTokensPerSecond);
        epochs.Add(report);
        // Without a validation set the last epoch counts as the best and its weights are where they belong already.
        var isBest = validation is null || bestEpoch?.Validation is not { } previous || validation.Value > previous.Value;
        if (isBest)
        {
            bestEpoch = report;
            if (validation is not null) best.Capture(task.Module);
        }
        progress?.Invoke(Progress(epoch, report.Loss, learningRate) with { IsEpochEnd = true, Validation = validation, IsBest = isBest });
    }

    double RunStep(int epoch, int[] examples, double learningRate)
    {
        using var scope = NewDisposeScope();
        var batch = task.CreateBatch(examples);
        var context = new StepContext
        {
            Task = task, Groups = groups, Generator = generator, Batch = batch, Step = stepsDone, Epoch = epoch, LearningRate = learningRate,
        };
        var loss = computeLoss(context);
        loss.backward();
        var value = loss.detach().to(ScalarType.Float64).item<double>();
        if (!double.IsFinite(value)) throw TrainerErrors.Diverged(stepsDone + 1, epoch, value, learningRate);
        using (var gradients = new GradientSet(groups))
        {
            context.Gradients = gradients;
            update(context);
        }
        GradientSet.Clear(groups);
        clock.Count(batch);
        stepsDone++;
        return value;
    }

    ValidationMetrics? Validate()
    {
        task.Module.eval();
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
        TokensPerSecond = clock.EpochTokensPerSecond,
        RowsPerSecond = clock.EpochRowsPerSecond,
        Elapsed = clock.Elapsed,
        Remaining = clock.Remaining(stepsDone),
    };

    public void Dispose()
    {
        GradientSet.Clear(groups);
        optimizer.Dispose();
        best.Dispose();
    }
}
