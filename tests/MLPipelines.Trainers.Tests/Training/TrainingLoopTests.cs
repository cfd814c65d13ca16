using MLPipelines.Testing;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using AdamW = MLPipelines.Trainers.Optimizers.AdamW;

namespace MLPipelines.Trainers.Tests.Training;

[Collection(ContractCollection.Name)]
public sealed class TrainingLoopTests
{
    static readonly TrainingLoop.Options s_options = new(Epochs: 6, BatchSize: 8, LearningRate: 0.02, WeightDecay: 0.01, Patience: 0, CancellationBehavior.Throw);

    static TrainingReport Run(ToyTask task, Generator generator, TrainingLoop.Options options, Action<TrainingProgress>? progress = null, CancellationToken token = default) =>
        new TrainingLoop(options, new AdamW(), new LinearSchedule(), [new GradientClipping()]).Run(task, generator, progress, token);

    [Fact]
    public void Learns_a_toy_task()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        var before = task.MeanLoss();
        var report = Run(task, generator, s_options with { Epochs = 30 });
        Assert.True(task.MeanLoss() < 0.5 * before, $"{before} -> {task.MeanLoss()}");
        Assert.Equal(TrainingOutcome.Completed, report.Outcome);
        Assert.Equal(30, report.Epochs.Count);
        Assert.Equal(30, report.BestEpoch);
        Assert.Equal(30 * 8, report.Steps);
        Assert.Equal(64, report.Examples);
        Assert.Equal(12 * 8 + 8 * 4 + 4, report.Parameters);
        Assert.True(report.TokensPerSecond > 0);
        Assert.False(task.Module.training);
    }

    [Fact]
    public void Same_seed_gives_the_same_model_bit_by_bit_and_another_seed_another()
    {
        double[] Fit(ulong seed)
        {
            using var generator = new Generator(seed);
            using var task = new ToyTask(generator);
            Run(task, generator, s_options);
            return task.Weights();
        }
        Assert.Equal(Fit(5), Fit(5));
        Assert.NotEqual(Fit(5), Fit(6));
    }

    [Fact]
    public void Every_epoch_sees_every_example_once_in_batches_of_similar_length_and_new_order()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator, rows: 61);
        Run(task, generator, s_options with { Epochs = 2 });
        var epochs = task.Batches.Chunk(8).ToList();
        Assert.Equal(2, epochs.Count);
        foreach (var batches in epochs)
        {
            Assert.Equal(Enumerable.Range(0, 61), batches.SelectMany(b => b).Order());
            Assert.Equal([5, 8], batches.Select(b => b.Length).Distinct().Order());
            Assert.True(batches.Average(b => b.Max(i => task.Lengths[i]) - b.Min(i => task.Lengths[i])) <= 2);
        }
        Assert.NotEqual(epochs[0], epochs[1]);
    }

    [Fact]
    public void Best_epoch_is_kept_and_patience_ends_the_run()
    {
        using var generator = new Generator(1);
        var weights = new List<double[]>();
        double[] scores = [0.1, 0.5, 0.4, 0.5, 0.3, 0.9];
        using var task = new ToyTask(generator) { Script = epoch => scores[epoch - 1] };
        var bests = new List<bool>();
        var report = Run(task, generator, s_options with { Patience = 2 }, p =>
        {
            if (!p.IsEpochEnd) return;
            weights.Add(task.Weights());
            bests.Add(p.IsBest);
        });
        Assert.Equal(TrainingOutcome.StoppedEarly, report.Outcome);
        Assert.Equal(2, report.BestEpoch);
        Assert.Equal(0.5, report.Best!.Value);
        Assert.Equal(4, report.Epochs.Count);
        Assert.Equal([true, true, false, false], bests);
        Assert.Equal(weights[1], task.Weights());
        Assert.NotEqual(weights[3], task.Weights());
    }

    [Fact]
    public void Progress_tells_step_epoch_loss_rate_speed_and_time()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { Script = epoch => epoch };
        var seen = new List<TrainingProgress>();
        Run(task, generator, s_options with { Epochs = 2 }, seen.Add);
        var steps = seen.Where(p => !p.IsEpochEnd).ToList();
        Assert.Equal(Enumerable.Range(1, 16).Select(i => (long)i), steps.Select(p => p.Step));
        Assert.All(steps, p => Assert.True(p is { Steps: 16, Epochs: 2, Validation: null, TokensPerSecond: > 0, RowsPerSecond: > 0 } && double.IsFinite(p.Loss)));
        Assert.Equal([1, 2], steps.Select(p => p.Epoch).Distinct());
        var schedule = new LinearSchedule();
        Assertions.Close([.. Enumerable.Range(0, 16).Select(i => 0.02 * schedule.Factor(i, 16))], [.. steps.Select(p => p.LearningRate)], 1e-12);
        var ends = seen.Where(p => p.IsEpochEnd).ToList();
        Assert.Equal(2, ends.Count);
        Assert.Equal(steps.Take(8).Average(p => p.Loss), ends[0].Loss, 1e-12);
        Assert.Equal(1, ends[0].Validation!.Value);
        Assert.Equal(TimeSpan.Zero, ends[1].Remaining);
        Assert.True(ends[0].Remaining > TimeSpan.Zero && ends[1].Elapsed >= ends[0].Elapsed);
    }

    [Fact]
    public void Cancellation_takes_effect_before_the_next_step_and_throws()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Run(task, generator, s_options, p => { if (p.Step == 3) source.Cancel(); }, source.Token));
        Assert.Equal(3, task.Batches.Count);
    }

    [Fact]
    public void Cancellation_can_give_the_best_model_so_far()
    {
        using var generator = new Generator(1);
        double[] scores = [0.7, 0.2, 0.9];
        using var task = new ToyTask(generator) { Script = epoch => scores[epoch - 1] };
        using var source = new CancellationTokenSource();
        double[]? first = null;
        var report = Run(task, generator, s_options with { OnCancellation = CancellationBehavior.ReturnBest }, p =>
        {
            if (p is { IsEpochEnd: true, Epoch: 1 }) first = task.Weights();
            if (p.Step == 19) source.Cancel();
        }, source.Token);
        Assert.Equal(TrainingOutcome.Cancelled, report.Outcome);
        Assert.Equal((1, 2, 19L), (report.BestEpoch, report.Epochs.Count, report.Steps));
        Assert.Equal(first, task.Weights());
        Assert.False(task.Module.training);
    }

    [Fact]
    public void Cancelled_before_the_first_validation_the_current_weights_are_returned_and_before_the_first_step_nothing()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { Script = _ => 1 };
        var start = task.Weights();
        using var source = new CancellationTokenSource();
        var options = s_options with { OnCancellation = CancellationBehavior.ReturnBest };
        var report = Run(task, generator, options, p => { if (p.Step == 2) source.Cancel(); }, source.Token);
        Assert.Equal((TrainingOutcome.Cancelled, 0, 2L), (report.Outcome, report.BestEpoch, report.Steps));
        Assert.NotEqual(start, task.Weights());
        Assert.Throws<OperationCanceledException>(() => Run(task, generator, options, token: source.Token));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_not_finite_ends_the_run_with_advice(double factor)
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { DistortLoss = loss => loss * factor };
        var error = Assert.Throws<InvalidOperationException>(() => Run(task, generator, s_options));
        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
        Assert.Contains("step 1", error.Message, StringComparison.Ordinal);
    }

    sealed class Recorder(string name, List<string> calls) : ITrainingStep
    {
        public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
        {
            Assert.Throws<InvalidOperationException>(() => context.Gradients);
            calls.Add(name + " before loss");
            var loss = next(context);
            Assert.Equal([8L, ToyTask.Classes], context.Logits!.shape);
            calls.Add(name + " after loss");
            return loss;
        }

        public void Update(StepContext context, Action<StepContext> next)
        {
            Assert.True(context.Gradients.Norm() > 0);
            calls.Add(name + " before update");
            next(context);
            calls.Add(name + " after update");
        }
    }

    [Fact]
    public void First_middleware_is_the_outermost_in_both_stages()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator, rows: 8);
        var calls = new List<string>();
        new TrainingLoop(s_options with { Epochs = 1 }, new AdamW(), new LinearSchedule(), [new Recorder("a", calls), new Recorder("b", calls)]).Run(task, generator);
        Assert.Equal(
            ["a before loss", "b before loss", "b after loss", "a after loss", "a before update", "b before update", "b after update", "a after update"], calls);
    }

    sealed class Twice : ITrainingStep
    {
        public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next) => (next(context) + next(context)) / 2;
    }

    [Fact]
    public void A_middleware_may_run_the_forward_pass_twice()
    {
        double[] Fit(params ITrainingStep[] steps)
        {
            using var generator = new Generator(1);
            using var task = new ToyTask(generator);
            new TrainingLoop(s_options with { Epochs = 1 }, new AdamW(), new LinearSchedule(), steps).Run(task, generator);
            return task.Weights();
        }
        Assertions.Close(Fit(), Fit(new Twice()), 1e-4, 1e-6); // no dropout in the toy, so both passes agree
    }

    [Fact]
    public void Number_of_tensors_is_the_same_after_every_epoch()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { Script = epoch => epoch };
        var counts = new List<long>();
        Run(task, generator, s_options, p => { if (p.IsEpochEnd) counts.Add(Tensor.TotalCount); });
        Assert.Single(counts.Distinct());
    }

    [Fact]
    public void Refuses_options_out_of_range_and_a_task_without_examples()
    {
        var error = Assert.Throws<ArgumentException>(() => new TrainingLoop(s_options with { Epochs = 0, BatchSize = -1, LearningRate = 0 }, new AdamW(), new LinearSchedule(), []));
        foreach (var name in new[] { "TrainingLoop", "Epochs", "BatchSize", "LearningRate" }) Assert.Contains(name, error.Message, StringComparison.Ordinal);
        using var generator = new Generator(1);
        using var task = new ToyTask(generator, rows: 0);
        Assert.Contains("no examples", Assert.Throws<ArgumentException>(() => Run(task, generator, s_options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("cancel")]
    [InlineData("throw")]
    public void No_tensor_is_left_behind(string how)
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { Script = epoch => -epoch };
        Fit();
        NativeMemory.RequireNoLeak("training", 2, Fit);

        void Fit()
        {
            using var source = new CancellationTokenSource();
            void OnProgress(TrainingProgress p)
            {
                if (p.Step != 11) return;
                if (how == "cancel") source.Cancel();
                if (how == "throw") throw new InvalidDataException("on purpose");
            }
            try
            {
                Run(task, generator, s_options, OnProgress, source.Token);
                Assert.Equal("complete", how);
            }
            catch (Exception e) when (e is OperationCanceledException or InvalidDataException)
            {
                Assert.NotEqual("complete", how);
            }
        }
    }
}
