using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class RotaryEmbeddingTests
{
    readonly Golden _golden = new("rope.json");

    [Theory]
    [InlineData(ScalarType.Float64, 1e-9)]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.BFloat16, 2e-2)]
    public void Rotations_match_the_reference(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var rotary = new RotaryEmbedding(8, 16);
        foreach (var name in new[] { "q", "k" })
        {
            var rotated = rotary.Rotate(_golden.Tensor("inputs", name).to(dtype));
            Assert.Equal(dtype, rotated.dtype);
            Assert.InRange(Golden.Distance(_golden.Tensor("outputs", name + "_rotated"), rotated), 0, tolerance);
        }
    }

    [Fact]
    public void Half_split_rotation_is_something_else()
    {
        using var scope = NewDisposeScope();
        using var rotary = new RotaryEmbedding(8, 16);
        var halfSplit = _golden.Tensor("contrast_half_split_convention", "q_rotated");
        Assert.True(Golden.Distance(halfSplit, rotary.Rotate(_golden.Tensor("inputs", "q"))) > 0.1);
    }

    [Fact]
    public void Inner_products_depend_on_the_distance_only_and_norms_stay()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var rotary = new RotaryEmbedding(16, 40);
        var one = randn(16, dtype: ScalarType.Float64, generator: generator);
        var other = randn(16, dtype: ScalarType.Float64, generator: generator);
        var (a, b) = (rotary.Rotate(one.expand(1, 40, 16)), rotary.Rotate(other.expand(1, 40, 16)));
        var products = a.matmul(b.transpose(1, 2)).select(0, 0); // [40, 40]
        for (var shift = -20; shift <= 20; shift += 7)
        {
            var diagonal = products.diagonal(shift, 0, 1);
            Assert.InRange((diagonal.max() - diagonal.min()).ToDouble(), 0, 1e-9);
        }

        Assert.InRange(Golden.Distance(a.norm(-1).select(0, 0), one.norm().expand(40)), 0, 1e-9);
        Assert.Equal(0, Golden.Distance(a.select(1, 0).select(0, 0), one));
    }

    [Fact]
    public void Tables_made_while_scoring_serve_training_later()
    {
        using var scope = NewDisposeScope();
        using var rotary = new RotaryEmbedding(4, 3);
        using (inference_mode()) rotary.Rotate(ones(1, 3, 4));
        var x = ones(1, 3, 4).requires_grad_();
        rotary.Rotate(x).sum().backward();
        Assert.Equal(2, x.grad![0, 0, 0].ToSingle() + x.grad[0, 0, 1].ToSingle());
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(0, 1)]
    [InlineData(4, 0)]
    public void Impossible_sizes_are_refused(int width, int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryEmbedding(width, length));
}
