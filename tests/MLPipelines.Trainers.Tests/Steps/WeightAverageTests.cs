using MLPipelines.Testing;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Tests.Training;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using AdamW = MLPipelines.Trainers.Optimizers.AdamW;

namespace MLPipelines.Trainers.Tests.Steps;

[ContractOf(typeof(WeightAverage))]
public sealed class WeightAverageContract : TrainingStepContractTests
{
    protected override TrainingStepContractCase Case => new(() => new WeightAverage(new() { Decay = 0.9 }), () => new WeightAverage(new() { Decay = 0 }));
}

public sealed class WeightAverageTests
{
    static readonly TrainingLoop.Options s_options = new(Epochs: 2, BatchSize: 16, LearningRate: 0.02, WeightDecay: 0.01, Patience: 0, CancellationBehavior.Throw);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Validation_and_the_final_model_see_the_average_and_training_the_weights(bool hasValidation)
    {
        using var generator = new Generator(1);
        List<double[]> history = [];
        List<double[]> validated = [];
        ToyTask? toy = null;
        using var task = toy = new ToyTask(generator)
        {
            Script = hasValidation ? epoch =>
            {
                if (validated.Count < epoch) validated.Add(toy!.Weights());
                return epoch;
            }
        : null,
        };
        using var average = new WeightAverage(new() { Decay = 0.6 });
        new TrainingLoop(s_options, new AdamW(), new LinearSchedule(), [average]).Run(task, generator, p =>
        {
            if (!p.IsEpochEnd) history.Add(task.Weights());
        });
        var expected = history[0];
        List<double[]> averages = [expected];
        for (var t = 2; t <= history.Count; t++)
        {
            var decay = Math.Min(0.6, t / (t + 9.0));
            expected = [.. expected.Zip(history[t - 1], (a, x) => decay * a + (1 - decay) * x)];
            averages.Add(expected);
        }
        Assertions.Close(averages[^1], task.Weights(), 1e-5, 1e-6);
        Assert.Equal(hasValidation ? 2 : 0, validated.Count);
        if (hasValidation) Assertions.Close(averages[3], validated[0], 1e-5, 1e-6);
    }

    [Fact]
    public void Weights_return_when_validation_throws()
    {
        using var generator = new Generator(1);
        using var task = new ToyTask(generator) { Script = _ => throw new InvalidTimeZoneException() };
        double[]? last = null;
        Assert.Throws<InvalidTimeZoneException>(() => new TrainingLoop(s_options, new AdamW(), new LinearSchedule(), [new WeightAverage(new() { Decay = 0.6 })]).Run(task, generator, _ => last = task.Weights()));
        Assert.Equal(last, task.Weights());
    }
}
