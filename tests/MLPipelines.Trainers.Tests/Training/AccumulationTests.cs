using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Training;

/// <summary>A batch in parts gives the gradients of the whole batch.</summary>
public sealed class AccumulationTests
{
    static readonly TrainingLoop.Options s_options = new(Epochs: 1, BatchSize: 10, LearningRate: 0.02, WeightDecay: 0.01, Patience: 0, CancellationBehavior.Throw);

    /// <summary>Keeps the gradients of every step.</summary>
    sealed class Recorder : ITrainingStep
    {
        public List<double[]> Gradients { get; } = [];

        public int Losses { get; private set; }

        public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
        {
            Losses++;
            return next(context);
        }

        public void Update(StepContext context, Action<StepContext> next)
        {
            using var scope = NewDisposeScope();
            Gradients.Add([.. context.Groups.SelectMany(g => g.Parameters).OrderBy(p => p.Name, StringComparer.Ordinal).SelectMany(p => context.Gradients[p.Name]!.Dense(p.Parameter).Doubles())]);
            next(context);
        }
    }

    static (Recorder Recorder, List<double> Losses, int[][] Batches) Run(int parts, Func<TrainingBatch, TrainingBatch>? change = null, int rows = 33)
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator, rows, length: 5) { ChangeBatch = change };
        var recorder = new Recorder();
        var losses = new List<double>();
        // Without a learning rate every step sees the same weights.
        var options = s_options with { LearningRate = 1e-30, WeightDecay = 0, Accumulation = parts };
        new TrainingLoop(options, new MLPipelines.Trainers.Optimizers.AdamW(), new ConstantSchedule(), [recorder]).Run(task, generator, p => losses.Add(p.Loss));
        return (recorder, losses, [.. task.Batches]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)] // 10 rows in parts of 4, 4 and 2; the last batch of 3 rows in parts of 1
    [InlineData(10)]
    [InlineData(50)] // more parts than rows
    public void Loss_and_gradients_are_those_of_the_whole_batch(int parts)
    {
        var (whole, wholeLosses, _) = Run(1);
        var (cut, cutLosses, batches) = Run(parts);
        Assert.Equal(4, whole.Gradients.Count);
        Assert.Equal(4, cut.Gradients.Count);
        Assert.Equal(batches.Length, cut.Losses);
        Assert.Equal(33, batches.Sum(b => b.Length));
        Assertions.Close([.. wholeLosses], [.. cutLosses], 1e-6);
        foreach (var (expected, actual) in whole.Gradients.Zip(cut.Gradients)) Assertions.Close(expected, actual, 1e-4, 1e-7);
    }

    [Fact]
    public void Parts_count_by_what_their_loss_is_a_mean_of()
    {
        var (made, computed) = (0, 0);
        double[] weights = [1, 3, 6];
        using var generator = new Generator(1);
        using var task = new ToyTask(generator, rows: 9) { ChangeBatch = batch => batch with { Weight = weights[made++] }, DistortLoss = loss => loss.mul(0).add(++computed) };
        var losses = new List<double>();
        new TrainingLoop(s_options with { BatchSize = 9, Accumulation = 3 }, new MLPipelines.Trainers.Optimizers.AdamW(), new ConstantSchedule(), []).Run(task, generator, p => losses.Add(p.Loss));
        Assert.Equal((1 * 1 + 3 * 2 + 6 * 3) / 10.0, losses[0], 1e-6); // the losses of the parts are 1, 2 and 3
    }
}
