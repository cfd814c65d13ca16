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

    [Fact]
    public void Tables_grow_with_the_texts_and_not_with_the_longest_that_is_allowed()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var rotary = new RotaryEmbedding(64, 1_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var one = ones(1, 700, 64);
        var beginning = rotary.Rotate(one.narrow(1, 0, 5));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        var all = rotary.Rotate(one);
        Assert.Equal(0, Golden.Distance(beginning, all.narrow(1, 0, 5)));
        using var exact = new RotaryEmbedding(64, 700);
        Assert.Equal(0, Golden.Distance(exact.Rotate(one), all));
        Assert.Equal(0, Golden.Distance(beginning, rotary.Rotate(one.narrow(1, 0, 5))));
        Assert.Contains("at most 700", Assert.Throws<ArgumentOutOfRangeException>(() => exact.Rotate(ones(1, 701, 64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_grow_the_table_do_not_disturb_each_other()
    {
        using var rotary = new RotaryEmbedding(8, 100_000);
        var sums = new double[8];
        Parallel.For(0, sums.Length, thread =>
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            for (var length = 200; length < 3000; length += 100) sums[thread] += rotary.Rotate(ones(1, length, 8).to(ScalarType.Float64)).sum().ToDouble();
        });
        Assert.All(sums, sum => Assert.Equal(sums[0], sum, 1e-6));
    }

    [Fact]
    public void Vectors_may_stand_at_odd_places()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        using var rotary = new RotaryEmbedding(4, 8);
        var rows = randn([2, 8, 9], generator: generator).requires_grad_(); // a row holds 9 numbers
        foreach (var from in new[] { 0, 1 })
        {
            var vectors = rows.narrow(2, from, 8).unflatten(2, 2, 4);
            Assert.Equal(0, Golden.Distance(rotary.Rotate(vectors.contiguous()).detach(), rotary.Rotate(vectors).detach()));
        }
    }
}
