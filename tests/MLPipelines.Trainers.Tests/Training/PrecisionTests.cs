using MLPipelines.Encoders;
using MLPipelines.Layers;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using AdamW = MLPipelines.Trainers.Optimizers.AdamW;

namespace MLPipelines.Trainers.Tests.Training;

/// <summary>bfloat16 products in training, float32 for everything that is kept, and a float32 model at the end.</summary>
public sealed class PrecisionTests
{
    static readonly TrainingLoop.Options s_options = new(Epochs: 30, BatchSize: 16, LearningRate: 0.01, WeightDecay: 0, Patience: 0, CancellationBehavior.Throw);

    sealed class Net : nn.Module<Tensor, Tensor>
    {
        readonly Dense first;
        readonly Dense second;

        public Net(Generator generator) : base("net")
        {
            first = new Dense(8, 32, generator, deviation: 0.3);
            second = new Dense(32, 4, generator, deviation: 0.3);
            RegisterComponents();
        }

        public ScalarType? ComputeType => first.ComputeType == second.ComputeType ? first.ComputeType : throw new InvalidOperationException("layers differ");

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return second.call(first.call(input).tanh()).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Says which of four linear functions of the input are positive.</summary>
    sealed class Task : ITrainingTask, IDisposable
    {
        readonly Net net;
        readonly Tensor inputs;
        readonly Tensor targets;

        public Task(Generator generator)
        {
            net = new Net(generator);
            using var scope = NewDisposeScope();
            inputs = randn([128, 8], generator: generator).DetachFromDisposeScope();
            targets = inputs.mm(randn([8, 4], generator: generator)).gt(0).DetachFromDisposeScope();
        }

        public List<ScalarType?> TypesInTraining { get; } = [];

        public List<ScalarType?> TypesInValidation { get; } = [];

        public nn.Module Module => net;

        public IReadOnlyList<int> Lengths { get; } = [.. Enumerable.Repeat(1, 128)];

        public TrainingBatch CreateBatch(IReadOnlyList<int> examples)
        {
            var rows = tensor(examples.Select(e => (long)e).ToArray());
            return new TrainingBatch(new EncoderInput(inputs.index_select(0, rows), ones(1, 1, dtype: ScalarType.Bool)), targets.index_select(0, rows), examples.Count, examples.Count);
        }

        public Tensor Forward(TrainingBatch batch)
        {
            TypesInTraining.Add(net.ComputeType);
            return net.call(batch.Input.Ids);
        }

        public Tensor Loss(Tensor logits, TrainingBatch batch)
        {
            Assert.Equal(ScalarType.Float32, logits.dtype);
            return new ZlprLoss().Compute(logits, batch.Targets);
        }

        public ValidationMetrics? Validate(CancellationToken cancellationToken)
        {
            TypesInValidation.Add(net.ComputeType);
            using var scope = NewDisposeScope();
            var right = net.call(inputs).gt(0).eq(targets).to(ScalarType.Float32).mean().ToDouble();
            return new ValidationMetrics("Accuracy", right, new Dictionary<string, double> { ["Accuracy"] = right });
        }

        public void Dispose()
        {
            net.Dispose();
            inputs.Dispose();
            targets.Dispose();
        }
    }

    [Fact]
    public void Products_are_bfloat16_in_training_only_and_weights_and_gradients_float32_always()
    {
        using var generator = new Generator(1);
        using var task = new Task(generator);
        var check = new GradientTypes();
        var report = new TrainingLoop(s_options with { Precision = Precision.Bfloat16 }, new AdamW(), new ConstantSchedule(), [check]).Run(task, generator);
        Assert.All(task.TypesInTraining, type => Assert.Equal(ScalarType.BFloat16, type));
        Assert.All(task.TypesInValidation, Assert.Null);
        Assert.True(check.Steps > 0);
        Assert.All(task.Module.parameters(), p => Assert.Equal(ScalarType.Float32, p.dtype));
        Assert.True(report.Best!.Value > 0.9, $"the accuracy is {report.Best.Value}");
    }

    [Fact]
    public void Narrow_and_wide_training_end_near_each_other()
    {
        double Fit(Precision precision)
        {
            using var generator = new Generator(2);
            using var task = new Task(generator);
            return new TrainingLoop(s_options with { Precision = precision }, new AdamW(), new ConstantSchedule(), []).Run(task, generator).Epochs[^1].Loss;
        }
        var (wide, narrow) = (Fit(Precision.Float32), Fit(Precision.Bfloat16));
        Assert.NotEqual(wide, narrow);
        Assert.InRange(narrow, wide * 0.8, wide * 1.25);
    }

    [Fact]
    public void Type_is_put_back_when_a_run_fails()
    {
        using var generator = new Generator(1);
        using var task = new Task(generator);
        Assert.Throws<InvalidTimeZoneException>(() => new TrainingLoop(s_options with { Precision = Precision.Bfloat16 }, new AdamW(), new ConstantSchedule(), []).Run(task, generator, _ => throw new InvalidTimeZoneException()));
        Assert.Null(((Net)task.Module).ComputeType);
    }

    sealed class GradientTypes : ITrainingStep
    {
        public int Steps { get; private set; }

        public void Update(StepContext context, Action<StepContext> next)
        {
            Steps++;
            Assert.All(context.Groups.SelectMany(g => g.Parameters), p => Assert.Equal(ScalarType.Float32, context.Gradients[p.Name]!.Values.dtype));
            next(context);
        }
    }
}
