using MLPipelines.Layers;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>The state of one run of the <see cref="TrainingLoop"/>.</summary>
sealed partial class TrainingRun : IDisposable
{
    readonly TrainingLoop.Options options;
    readonly ISchedule schedule;
    readonly ITrainingTask task;
    readonly Generator generator;
    readonly Action<TrainingProgress>? progress;
    readonly CancellationToken cancellationToken;
    readonly TrainingCheckpoint? checkpoint;
    readonly IReadOnlyList<ITrainingStep> steps;
    readonly IReadOnlyList<ParameterGroup> groups;
    readonly IOptimizer optimizer;
    readonly Func<StepContext, Tensor> computeLoss;
    readonly Action<StepContext> update;
    readonly NonFiniteSteps nonFinite;
    readonly long totalSteps;
    readonly TrainingClock clock;
    readonly WeightSnapshot best = new();
    readonly List<EpochReport> epochs = [];
    EpochReport? bestEpoch;
    Tensor? epochStart;
    long stepsDone;
    Place at = new(1, 0, 0, 0);
    Place? saved;

    public TrainingRun(
        TrainingLoop.Options options, IOptimizerFactory factory, ISchedule schedule, IReadOnlyList<ITrainingStep> steps,
        ITrainingTask task, Generator generator, Action<TrainingProgress>? progress, TrainingCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        this.checkpoint = checkpoint;
        (this.options, this.schedule, this.task, this.generator, this.progress, this.cancellationToken) = (options, schedule, task, generator, progress, cancellationToken);
        this.steps = steps;
        nonFinite = new NonFiniteSteps(options.MaximumSkippedSteps);
        var stepsPerEpoch = BucketedBatches.Count(task.Lengths.Count, options.BatchSize);
        totalSteps = (long)options.Epochs * stepsPerEpoch;
        clock = new TrainingClock(options.Epochs, stepsPerEpoch);
        groups = ParameterGroup.Split(task.Module, options.WeightDecay, options.Rates);
        optimizer = factory.Create(groups);

        computeLoss = context => task.Loss(context.Forward(), context.Batch);
        update = context => optimizer.Step(context.Gradients, context.LearningRate);
        foreach (var step in steps.Reverse())
        {
            var (innerLoss, innerUpdate) = (computeLoss, update);
            computeLoss = context => step.ComputeLoss(context, innerLoss);
            update = context => step.Update(context, innerUpdate);
        }
    }

    /// <param name="interrupted">The state from which to go on; null to begin at the start.</param>
    public TrainingReport Execute(TrainingState? interrupted = null)
    {
        var outcome = TrainingOutcome.Completed;
        try
        {
            if (interrupted is not null) saved = at = LoadState(interrupted);
            while (at.Epoch <= options.Epochs)
            {
                outcome = IsTimeUp ? TrainingOutcome.TimeLimit : IsPatienceOver(at.Epoch) ? TrainingOutcome.StoppedEarly : TrainingOutcome.Completed;
                if (outcome != TrainingOutcome.Completed) break;
                RunEpoch();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && stepsDone > 0)
        {
            KeepState();
            if (options.OnCancellation != CancellationBehavior.ReturnBest) throw;
            outcome = TrainingOutcome.Cancelled;
        }
        KeepState();
        if (best.IsEmpty) Evaluate(() => best.Capture(task.Module));
        best.Restore(task.Module);
        task.Module.eval();
        return new TrainingReport
        {
            Outcome = outcome,
            Epochs = epochs,
            BestEpoch = bestEpoch?.Epoch ?? 0,
            Steps = stepsDone,
            SkippedSteps = nonFinite.Skipped,
            Elapsed = clock.Elapsed,
            TokensPerSecond = clock.TokensPerSecond,
            Parameters = groups.SelectMany(g => g.Parameters).Sum(p => p.Parameter.NumberOfElements),
            Examples = task.Lengths.Count,
        };
    }

    bool IsTimeUp => options.TimeLimit > TimeSpan.Zero && clock.Elapsed >= options.TimeLimit && stepsDone > 0;

    bool IsPatienceOver(int epoch) => options.Patience > 0 && bestEpoch is not null && epoch - 1 - bestEpoch.Epoch >= options.Patience;

    void RunEpoch()
    {
        clock.BeginEpoch(isNew: at.Batch == 0);
        task.Module.train();
        var (batches, learningRate) = (Shuffle(), LearningRate);
        while (at.Batch < batches.Count && !IsTimeUp)
        {
            cancellationToken.ThrowIfCancellationRequested();
            learningRate = LearningRate;
            var (loss, isFinite) = RunStep(at.Epoch, batches[at.Batch], learningRate);
            at = at with { Batch = at.Batch + 1, LossSum = at.LossSum + (isFinite ? loss : 0), Counted = at.Counted + (isFinite ? 1 : 0) };
            progress?.Invoke(Progress(at.Epoch, loss, learningRate));
            if (checkpoint?.IsDue == true && at.Batch < batches.Count) SaveState();
        }

        clock.BeginValidation();
        var (report, isBest) = (default(EpochReport)!, false);
        Evaluate(() =>
        {
            var validation = Validate();
            clock.EndValidation();
            report = new EpochReport(at.Epoch, at.LossSum / Math.Max(1, at.Counted), validation, clock.EpochElapsed, clock.ValidationElapsed, clock.EpochTokensPerSecond);
            epochs.Add(report);
            // Without a validation set the last epoch counts as the best and its weights are where they belong already.
            isBest = validation is null || bestEpoch?.Validation is not { } previous || validation.IsBetterThan(previous);
            if (isBest) bestEpoch = report;
            if (isBest && validation is not null) best.Capture(task.Module);
        });
        at = new Place(report.Epoch + 1, 0, 0, 0);
        epochStart?.Dispose();
        epochStart = null;
        progress?.Invoke(Progress(report.Epoch, report.Loss, learningRate) with { IsEpochEnd = true, Validation = report.Validation, IsBest = isBest });
        if (checkpoint is not null && (checkpoint.IsDue || report.Epoch == options.Epochs)) SaveState();
    }

    /// <summary>The batches of an epoch; those of an epoch that was interrupted come out as they were.</summary>
    IReadOnlyList<int[]> Shuffle()
    {
        if (at.Batch == 0)
        {
            epochStart?.Dispose();
            epochStart = generator.get_state().DetachFromDisposeScope();
            return BucketedBatches.Shuffle(task.Lengths, options.BatchSize, generator, task.BatchesByLength);
        }
        using var now = generator.get_state();
        generator.set_state(epochStart!);
        var batches = BucketedBatches.Shuffle(task.Lengths, options.BatchSize, generator, task.BatchesByLength);
        generator.set_state(now);
        return batches;
    }

    /// <summary>The rate of the next step. With a time limit the run is as far as its steps or its time, whichever is further.</summary>
    double LearningRate
    {
        get
        {
            var share = options.TimeLimit > TimeSpan.Zero ? clock.Elapsed / options.TimeLimit : 0;
            var step = Math.Clamp(Math.Max(stepsDone, (long)(share * totalSteps)), 0, totalSteps - 1);
            return options.LearningRate * schedule.Factor(step, totalSteps);
        }
    }

    /// <summary>One update of the parameters, or none when the loss or the gradient is not finite.</summary>
    /// <returns>The loss of the batch, and whether it and its gradient are finite.</returns>
    (double Loss, bool IsFinite) RunStep(int epoch, int[] examples, double learningRate)
    {
        using var scope = NewDisposeScope();
        var parts = examples.Chunk((examples.Length + options.Accumulation - 1) / options.Accumulation).Select(task.CreateBatch).ToList();
        var context = new StepContext
        {
            Task = task, Groups = groups, Generator = generator, Batch = parts[0], Step = stepsDone, Epoch = epoch, LearningRate = learningRate,
        };
        var loss = ComputeGradients(context, parts);
        using (var gradients = new GradientSet(groups))
        {
            context.Gradients = gradients;
            var isFinite = double.IsFinite(loss) && double.IsFinite(gradients.Norm());
            nonFinite.Count(isFinite, stepsDone + 1, epoch, loss, learningRate);
            if (isFinite || (optimizer.GuardsAgainstNonFinite && double.IsFinite(loss))) update(context);
            GradientSet.Clear(groups);
            foreach (var part in parts) clock.Count(part);
            stepsDone++;
            return (loss, isFinite);
        }
    }

    /// <summary>Backward passes of all parts, each weighted by its share of the batch, so that the gradients add up to those of the whole.</summary>
    double ComputeGradients(StepContext context, List<TrainingBatch> parts)
    {
        MixedPrecision.Set(task.Module, options.Precision == Precision.Bfloat16 ? ScalarType.BFloat16 : null);
        var (total, whole) = (0.0, parts.Sum(part => part.Weight));
        foreach (var part in parts)
        {
            // Middleware may look at the tensors of a step that has one part until the step ends; several parts would not fit into memory together.
            using var scope = parts.Count > 1 ? NewDisposeScope() : null;
            context.Batch = part;
            var loss = computeLoss(context);
            var value = loss.detach().to(ScalarType.Float64).item<double>() * (part.Weight / whole);
            total += value;
            if (!double.IsFinite(value)) break;
            (parts.Count > 1 ? loss.mul(part.Weight / whole) : loss).backward();
        }
        return total;
    }

    public void Dispose()
    {
        GradientSet.Clear(groups);
        MixedPrecision.Set(task.Module, null);
        epochStart?.Dispose();
        optimizer.Dispose();
        foreach (var step in steps.OfType<IDisposable>()) step.Dispose();
        best.Dispose();
    }
}
