using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class SeededDropoutTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Elements_are_zero_or_enlarged_and_the_share_is_right(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var dropout = new SeededDropout(0.25, generator);
        var result = dropout.call(ones(1003, 997, dtype: dtype));
        Assert.Equal(dtype, result.dtype);
        var values = result.to(ScalarType.Float32);
        Assert.InRange(values.eq(0).to(ScalarType.Float64).mean().ToDouble(), 0.2475, 0.2525);
        Assert.InRange(values.max().ToSingle(), 1.33f, 1.34f);
        Assert.Equal(0, values.mul(values.sub(values.max())).abs().max().ToSingle());
        // Neither rows nor neighbours are related.
        var dropped = values.eq(0).to(ScalarType.Float64);
        Assert.InRange(dropped.mean([0]).std().ToDouble(), 0.010, 0.018);
        Assert.InRange(dropped.narrow(1, 0, 996).mul(dropped.narrow(1, 1, 996)).mean().ToDouble(), 0.0605, 0.0645);
    }

    [Fact]
    public void One_seed_gives_one_sequence_of_masks_and_the_state_continues_it()
    {
        using var scope = NewDisposeScope();
        using var first = new Generator(9);
        using var second = new Generator(9);
        using var a = new SeededDropout(0.5, first);
        using var b = new SeededDropout(0.5, second);
        var x = ones(50, 50);
        var (a1, b1) = (a.call(x), b.call(x));
        Assert.Equal(0, Golden.Distance(a1, b1));
        var state = first.get_state();
        var a2 = a.call(x);
        Assert.True(Golden.Distance(a1, a2) > 0);
        first.set_state(state);
        Assert.Equal(0, Golden.Distance(a2, a.call(x)));
    }

    [Fact]
    public void Gradients_pass_where_elements_pass()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var dropout = new SeededDropout(0.5, generator);
        var x = ones(100).requires_grad_();
        var y = dropout.call(x);
        y.sum().backward();
        Assert.Equal(0, Golden.Distance(y, x.grad!));
    }

    [Fact]
    public void Evaluation_and_probability_zero_change_nothing()
    {
        using var scope = NewDisposeScope();
        using var dropout = new SeededDropout(0.5);
        dropout.eval();
        var x = rand(10, generator: new Generator(1));
        Assert.Equal(0, Golden.Distance(x, dropout.call(x)));
        using var never = new SeededDropout(0);
        Assert.Equal(0, Golden.Distance(x, never.call(x)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededDropout(1));
    }
}
