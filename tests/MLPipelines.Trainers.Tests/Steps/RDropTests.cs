using MLPipelines.Testing;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Tests.Training;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Steps;

[ContractOf(typeof(RDrop))]
public sealed class RDropContract : TrainingStepContractTests
{
    protected override TrainingStepContractCase Case => new(() => new RDrop(), () => new RDrop(new() { Alpha = 0 })) { ForwardPasses = 2 };
}

public sealed class RDropTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(1.5)]
    public void Loss_is_the_mean_of_both_passes_and_a_quarter_of_alpha_times_the_divergence(double alpha)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        Tensor[] scores = [tensor(new[] { 1.0, 2, -1 }, [1, 3]), tensor(new[] { 0.5, 2.5, 0 }, [1, 3])];
        double[] losses = [0.7, 0.9];
        var pass = 0;
        var context = TestContext.Of(task, generator, new FixedDivergence(task));
        var loss = new RDrop(new() { Alpha = alpha }).ComputeLoss(context, c =>
        {
            c.Logits = scores[pass];
            return tensor(losses[pass++]);
        });
        // Softmax: the symmetric KL is summed over classes and taken as the mean over rows.
        var (p, q) = (scores[0].softmax(-1), scores[1].softmax(-1));
        var kl = p.mul(p.log().sub(q.log())).sum().add(q.mul(q.log().sub(p.log())).sum()).item<double>();
        Assert.Equal(2, pass);
        Assert.Equal((0.7 + 0.9) / 2 + alpha / 4 * kl, loss.item<double>(), 1e-12);
    }

    [Fact]
    public void Answers_to_different_blends_are_not_compared()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        Tensor Pass(StepContext c) => task.Loss(c.Forward(), c.Batch);
        var batch = task.CreateBatch([0, 1, 2]);
        Assert.Contains("'mixup' before 'r-drop'", Assert.Throws<InvalidOperationException>(() => new RDrop().ComputeLoss(TestContext.Of(task, generator, task, batch), c => new Mixup().ComputeLoss(c, Pass))).Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(new Mixup().ComputeLoss(TestContext.Of(task, generator, task, batch), c => new RDrop().ComputeLoss(c, Pass)).ToDouble()));
    }

    [Fact]
    public void Without_dropout_it_adds_exactly_nothing()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        var batch = task.CreateBatch([0, 1, 2]);
        var plain = task.Loss(task.Forward(batch), batch).ToDouble();
        var context = TestContext.Of(task, generator, task, batch);
        var loss = new RDrop(new() { Alpha = 1000 }).ComputeLoss(context, c =>
        {
            c.Logits = task.Forward(c.Batch);
            return task.Loss(c.Logits, c.Batch);
        });
        Assert.Equal(plain, loss.ToDouble());
    }

    [Fact]
    public void Task_without_a_divergence_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var task = new ToyTask(generator);
        var error = Assert.Throws<InvalidOperationException>(() => new RDrop().ComputeLoss(TestContext.Of(task, generator, new Plain(task)), _ => zeros(1)));
        Assert.Equal("MLP222: 'step.r-drop.v1' cannot be used with this task. Expected: a task that implements IConsistencyTask. Got: Plain. Leave the step out, or implement the interface.", error.Message);
    }

    sealed class FixedDivergence(ToyTask task) : PlainTask(task), IConsistencyTask
    {
        public Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch) => new MLPipelines.Trainers.Divergences.SoftmaxDivergence().Compute(first, second);
    }

    sealed class Plain(ToyTask task) : PlainTask(task);

    class PlainTask(ToyTask task) : ITrainingTask
    {
        public nn.Module Module => task.Module;

        public IReadOnlyList<int> Lengths => task.Lengths;

        public TrainingBatch CreateBatch(IReadOnlyList<int> examples) => task.CreateBatch(examples);

        public Tensor Forward(TrainingBatch batch) => task.Forward(batch);

        public Tensor Loss(Tensor logits, TrainingBatch batch) => task.Loss(logits, batch);

        public ValidationMetrics? Validate(CancellationToken cancellationToken) => null;
    }
}
