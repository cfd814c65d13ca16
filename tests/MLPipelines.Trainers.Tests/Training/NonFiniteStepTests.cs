using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using AdamW = MLPipelines.Trainers.Optimizers.AdamW;

namespace MLPipelines.Trainers.Tests.Training;

/// <summary>A step without a finite loss and gradient changes nothing, is counted, and ends the run when it persists.</summary>
public sealed class NonFiniteStepTests
{
    static readonly TrainingLoop.Options s_options = new(Epochs: 2, BatchSize: 8, LearningRate: 0.02, WeightDecay: 0.01, Patience: 0, CancellationBehavior.Throw) { MaximumSkippedSteps = 3 };

    static Func<Tensor, Tensor> At(Func<int, Tensor, Tensor> distort)
    {
        var step = 0;
        return loss => distort(step++, loss);
    }

    // sqrt has an infinite gradient at 0, times 0 gives a gradient that is not a number, while the loss is finite.
    static Tensor WithoutGradient(Tensor loss) => loss.add(loss.mul(0).sqrt());

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(false, 1, 0)]
    [InlineData(true, 2, 0)]
    [InlineData(false, 2, 0)]
    [InlineData(true, 2, 1)]
    [InlineData(false, 2, 1)]
    public void Single_steps_are_skipped_and_counted_and_training_goes_on(bool lossIsFinite, int parts, int firstBadPart)
    {
        using var generator = new Generator(1);
        int[] bad = [2, 3, 9];
        ToyTask? made = null;
        var (step, part) = (-1, 0);
        using var task = new ToyTask(generator) { DistortLoss = Distort };
        made = task;
        List<double[]> weights = [task.Weights()];
        List<TrainingProgress> progress = [];
        var report = new TrainingLoop(s_options with { Accumulation = parts }, new AdamW(), new LinearSchedule(), [new GradientClipping()]).Run(task, generator, p =>
        {
            if (p.IsEpochEnd) return;
            weights.Add(task.Weights());
            progress.Add(p);
        });
        Assert.Equal((16L, 3L), (report.Steps, report.SkippedSteps));
        Assert.Equal([0L, 0, 1, 2, 2, 2, 2, 2, 2, 3], progress.Take(10).Select(p => p.SkippedSteps));
        for (var i = 0; i < 16; i++)
        {
            if (bad.Contains(i)) Assert.Equal(weights[i], weights[i + 1]);
            else Assert.NotEqual(weights[i], weights[i + 1]);
        }
        Assert.All(task.Weights(), w => Assert.True(double.IsFinite(w)));
        Assert.All(report.Epochs, e => Assert.True(double.IsFinite(e.Loss)));

        Tensor Distort(Tensor loss)
        {
            // All parts of a step are made before the first is computed, so the batches so far tell the step; the parts after a loss that is not finite are never computed.
            var now = (made!.Batches.Count - 1) / parts;
            (step, part) = now == step ? (now, part + 1) : (now, 0);
            return !bad.Contains(now) || part < firstBadPart ? loss : lossIsFinite ? WithoutGradient(loss) : loss.mul(double.NaN);
        }
    }

    [Fact]
    public void Run_fails_with_advice_when_it_persists()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { DistortLoss = At((call, loss) => call >= 4 ? loss.mul(double.PositiveInfinity) : loss) };
        var error = Assert.Throws<InvalidOperationException>(() => new TrainingLoop(s_options, new AdamW(), new LinearSchedule(), []).Run(task, generator));
        Assert.StartsWith("MLP200: training diverged (step 7, epoch 1). Expected: a finite loss and gradient. Got: 3 steps in a row without, the last loss is", error.Message, StringComparison.Ordinal);
        Assert.Contains("Lower the learning rate", error.Message, StringComparison.Ordinal);
        Assert.All(task.Weights(), w => Assert.True(double.IsFinite(w)));
    }

    [Fact]
    public void Tiger_shrinks_what_has_no_finite_gradient_and_the_step_is_counted()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { DistortLoss = At((call, loss) => call == 0 ? WithoutGradient(loss) : loss) };
        var before = task.Weights();
        List<double[]> weights = [];
        var report = new TrainingLoop(s_options with { Epochs = 1 }, new Tiger(), new ConstantSchedule(), [new GradientClipping()]).Run(task, generator, _ => weights.Add(task.Weights()));
        Assert.Equal(1, report.SkippedSteps);
        Assertions.Close([.. before.Select(w => w * 0.99)], weights[0], 1e-6);
    }
}
