using MLPipelines.Testing;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Tests.Training;
using MLPipelines.Trainers.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Steps;

[ContractOf(typeof(GradientClipping))]
public sealed class GradientClippingContract : TrainingStepContractTests
{
    // Adam divides by the gradient's own size; what a limit changes is the balance between small gradients and ε.
    protected override TrainingStepContractCase Case => new(() => new GradientClipping(new() { MaximumNorm = 1e-8 }), () => new GradientClipping(new() { MaximumNorm = 1e9 }));
}

public sealed class GradientClippingTests
{
    [Theory]
    [InlineData(2.5, 0.5)] // the norm is 5
    [InlineData(5.1, 1.0)]
    public void Scales_by_the_global_norm_only_when_above_the_limit(double limit, double factor)
    {
        using var scope = NewDisposeScope();
        using var a = new Parameter(zeros(2, 2));
        using var b = new Parameter(zeros(1));
        a.grad = tensor(new[] { 1f, -2f, 0f, 2f }, [2, 2]);
        b.grad = tensor(new[] { 4f });
        ParameterGroup[] groups = [new([("a", a)]), new([("b", b)])];
        using var gradients = new GradientSet(groups);
        using var generator = new Generator(1);
        using var task = new ToyTask(generator, rows: 2);
        var context = new StepContext { Task = task, Groups = groups, Generator = generator, Batch = task.CreateBatch([0, 1]), Step = 0, Epoch = 1, LearningRate = 1, Gradients = gradients };
        var calls = 0;
        new GradientClipping(new() { MaximumNorm = limit }).Update(context, _ => calls++);
        Assert.Equal(1, calls);
        Assert.Equal(factor, gradients.Scale, 1e-6);
        Assert.Equal(5 * factor, gradients.Norm(), 1e-5);
    }

    [Fact]
    public void Refuses_a_limit_of_zero() =>
        Assert.Contains("MaximumNorm", Assert.Throws<ArgumentException>(() => new GradientClipping(new() { MaximumNorm = 0 })).Message, StringComparison.Ordinal);
}
