using MLPipelines.Testing;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Tests.Training;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Steps;

[ContractOf(typeof(VirtualAdversarialTraining))]
public sealed class VirtualAdversarialTrainingContract : TrainingStepContractTests
{
    protected override TrainingStepContractCase Case => new(() => new VirtualAdversarialTraining(), () => new VirtualAdversarialTraining(new() { Weight = 0 }));
}

public sealed class VirtualAdversarialTrainingTests
{
    static Tensor Pass(ToyTask task, StepContext context) => task.Loss(context.Forward(), context.Batch);

    /// <summary>What the step adds to the loss of the batch.</summary>
    static double Added(ToyTask task, VirtualAdversarialTraining.Options options, ulong seed, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var plain = task.Loss(task.Forward(batch), batch).ToDouble();
        return new VirtualAdversarialTraining(options).ComputeLoss(TestContext.Of(task, generator, task, batch), c => Pass(task, c)).ToDouble() - plain;
    }

    [Fact]
    public void Move_of_the_table_is_worse_than_random_moves_of_the_same_length()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var task = new ToyTask(generator);
        var batch = task.CreateBatch([0, 1, 2, 3, 4, 5]);
        var worst = Added(task, new() { Epsilon = 0.5, Xi = 0.1, Iterations = 5 }, seed: 1, batch);

        // The same length in random directions over the rows of the batch.
        var table = task.Module.named_parameters().Single(p => p.name == "embedding.weight").parameter;
        using var noGrad = no_grad();
        var (reference, saved) = (task.Forward(batch), table.clone());
        var random = Enumerable.Range(0, 20).Select(_ =>
        {
            var noise = randn(table.shape, generator: generator);
            table.add_(noise.div(noise.norm()), 0.5);
            var value = task.Divergence(reference, task.Forward(batch), batch).ToDouble();
            table.copy_(saved);
            return value;
        }).ToList();
        Assert.True(worst > random.Max(), $"{worst} is not above {random.Max()}");
    }

    [Fact]
    public void Divergence_grows_with_the_square_of_a_small_move()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var task = new ToyTask(generator);
        var batch = task.CreateBatch([0, 1, 2]);
        var (small, large) = (Added(task, new() { Epsilon = 0.01, Weight = 1000 }, 1, batch), Added(task, new() { Epsilon = 0.02, Weight = 1000 }, 1, batch));
        Assert.InRange(large / small, 3.8, 4.2);
        Assert.Equal(2 * small, Added(task, new() { Epsilon = 0.01, Weight = 2000 }, 1, batch), 1e-2 * small);
    }

    [Fact]
    public void Table_is_put_back_bit_by_bit_when_a_pass_throws()
    {
        for (var failing = 1; failing <= 3; failing++)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(3);
            using var task = new ToyTask(generator);
            var (before, passes) = (task.Weights(), 0);
            var throwing = new Throwing(task, () => ++passes == failing);
            Assert.Throws<InvalidTimeZoneException>(() => new VirtualAdversarialTraining().ComputeLoss(TestContext.Of(task, generator, throwing), c => Pass(task, c)));
            Assert.Equal(failing, passes);
            Assert.Equal(before, task.Weights());
        }
    }

    [Fact]
    public void Rows_without_labels_count_by_their_number_and_leave_the_table_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var task = new ToyTask(generator);
        var unlabeled = new Unlabeled(task, 40);
        var before = task.Weights();
        var context = TestContext.Of(task, generator, unlabeled, task.CreateBatch([0, 1]));
        var loss = new VirtualAdversarialTraining(new() { UnlabeledRows = 6 }).ComputeLoss(context, c => Pass(task, c));
        loss.backward();
        Assert.InRange(unlabeled.Asked.Count, 1, 6);
        Assert.All(unlabeled.Asked, row => Assert.InRange(row, 0, 39));
        Assert.Equal(before, task.Weights());
        Assert.All(task.Module.parameters(), parameter => Assert.NotNull(parameter.grad));

        unlabeled.Asked.Clear();
        new VirtualAdversarialTraining(new() { UnlabeledRows = 0 }).ComputeLoss(context, c => Pass(task, c));
        Assert.Empty(unlabeled.Asked);
    }

    [Fact]
    public void Unknown_table_is_refused_with_those_that_exist()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        var error = Assert.Throws<InvalidOperationException>(() => new VirtualAdversarialTraining(new() { Table = "words" }).ComputeLoss(TestContext.Of(task, generator, task), c => Pass(task, c)));
        Assert.Equal("MLP223: the model has no embedding table 'words'. Expected: one of 'embedding.weight'.", error.Message);
    }

    class Wrapped(ToyTask task) : IConsistencyTask
    {
        public nn.Module Module => task.Module;

        public IReadOnlyList<int> Lengths => task.Lengths;

        public TrainingBatch CreateBatch(IReadOnlyList<int> examples) => task.CreateBatch(examples);

        public virtual Tensor Forward(TrainingBatch batch) => task.Forward(batch);

        public Tensor Loss(Tensor logits, TrainingBatch batch) => task.Loss(logits, batch);

        public Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch) => task.Divergence(first, second, batch);

        public ValidationMetrics? Validate(CancellationToken cancellationToken) => null;
    }

    // An exception that nothing else throws.
    /// <summary>A move of no length changes nothing, whatever the steps inside do, if the reference has the same rows and the same dropout.</summary>
    [Theory]
    [InlineData(typeof(RDrop))]
    [InlineData(typeof(Mixup))]
    public void The_reference_is_the_last_pass_of_the_steps_inside(Type inner)
    {
        using var scope = NewDisposeScope();
        using var toy = new ToyTask(new Generator(3));
        var batch = toy.CreateBatch([0, 1, 2, 3, 4, 5]);
        double Loss(params ITrainingStep[] steps)
        {
            using var generator = new Generator(5);
            Func<StepContext, Tensor> loss = c => toy.Loss(c.Forward(), c.Batch);
            foreach (var step in steps.Reverse())
            {
                var next = loss;
                loss = c => step.ComputeLoss(c, next);
            }
            return loss(TestContext.Of(toy, generator, new Noisy(toy, generator), batch)).ToDouble();
        }
        var step = (ITrainingStep)Activator.CreateInstance(inner)!;
        Assert.Equal(Loss(step), Loss(new VirtualAdversarialTraining(new() { Weight = 1000, Epsilon = 1e-5, Xi = 1e-5 }), step), 1e-3);
        Assert.NotEqual(Loss(step), Loss(new VirtualAdversarialTraining(new() { Weight = 1000, Epsilon = 1, Xi = 1 }), step), 1e-1);
    }

    /// <summary>Hides half of the scores at random, as dropout would, and blends them.</summary>
    sealed class Noisy(ToyTask task, Generator generator) : Wrapped(task), IMixableTask
    {
        public override Tensor Forward(TrainingBatch batch)
        {
            var scores = base.Forward(batch);
            return (batch.Mixture?.Apply(scores) ?? scores).mul(rand(scores.shape, generator: generator).ge(0.5));
        }

        public Tensor SoftTargets(TrainingBatch batch) => batch.Targets.to(ScalarType.Float32);
    }

    sealed class Throwing(ToyTask task, Func<bool> now) : Wrapped(task)
    {
        public override Tensor Forward(TrainingBatch batch) => now() ? throw new InvalidTimeZoneException() : base.Forward(batch);
    }

    sealed class Unlabeled(ToyTask task, int rows) : Wrapped(task), IUnlabeledTask
    {
        public List<int> Asked { get; } = [];

        public IReadOnlyList<int> UnlabeledLengths { get; } = [.. Enumerable.Repeat(3, rows)];

        public TrainingBatch CreateUnlabeledBatch(IReadOnlyList<int> examples)
        {
            Asked.AddRange(examples);
            return CreateBatch(examples);
        }
    }
}
