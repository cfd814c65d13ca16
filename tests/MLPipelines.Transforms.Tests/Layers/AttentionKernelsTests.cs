using MLPipelines.Encoders;
using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class AttentionKernelsTests
{
    [Fact]
    public void Unknown_name_lists_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => AttentionKernels.Find("softmax_minus"));
        Assert.Contains("softmax_minus", error.Message, StringComparison.Ordinal);
        Assert.All(AttentionKernels.Names, name => Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Entropy_grows_less_with_the_length_when_scores_are_scaled_by_its_logarithm()
    {
        double Growth(string kernel) => Entropy(kernel, 512) - Entropy(kernel, 64);
        Assert.True(Growth("softmax_plus") < 0.75 * Growth("softmax"), $"{Growth("softmax_plus")} against {Growth("softmax")}");
    }

    [Fact]
    public void Scale_counts_the_keys_that_each_query_sees()
    {
        using var scope = NewDisposeScope();
        var input = new EncoderInput(zeros(1, 4, ScalarType.Int64), tensor(new[] { true, true, true, false }).unsqueeze(0)) { Visible = AttentionMasks.Causal(4) };
        using var mask = new AttentionMask(input, ScalarType.Float64);
        var scaled = new LogLengthScale().Apply(ones(1, 1, 4, 2, dtype: ScalarType.Float64), mask);
        var counts = new double[] { 1, 2, 3, 3 }; // the query that is padding sees three real keys
        for (var query = 0; query < 4; query++) Assert.Equal(Math.Log(counts[query]) / Math.Log(512), scaled[0, 0, query, 1].ToDouble(), 1e-12);
        Assert.Equal(Math.Log(16) / Math.Log(512), new LogLengthScale(16).Apply(ones(1, 1, 4, 2, dtype: ScalarType.Float64), mask)[0, 0, 0, 0].ToDouble(), 1e-12);
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("softmax_plus")]
    [InlineData("squared_relu")]
    public void Query_that_sees_nothing_gives_numbers(string name)
    {
        using var scope = NewDisposeScope();
        var input = new EncoderInput(zeros(1, 3, ScalarType.Int64), tensor(new[] { false, true, true }).unsqueeze(0)) { Visible = AttentionMasks.Causal(3) };
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var mask = new AttentionMask(input, dtype);
            using var dropout = new SeededDropout(0);
            var one = ones(1, 1, 3, 2, dtype: dtype);
            Assert.True(AttentionKernels.Find(name).Mix(one.clone(), one, one, mask, dropout).isfinite().all().item<bool>());
        }
    }

    /// <summary>The mean entropy of attention weights between random vectors, read off by mixing unit vectors.</summary>
    static double Entropy(string kernel, int length)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        Tensor Vectors() => randn(1, 1, length, 64, dtype: ScalarType.Float64, generator: generator);
        var input = new EncoderInput(zeros(1, length, ScalarType.Int64), ones(1, length, ScalarType.Bool)) { HasPadding = false };
        using var mask = new AttentionMask(input, ScalarType.Float64);
        using var dropout = new SeededDropout(0);
        var weights = AttentionKernels.Find(kernel).Mix(Vectors().mul_(2), Vectors(), eye(length, dtype: ScalarType.Float64).expand(1, 1, length, length), mask, dropout);
        return -weights.mul(weights.log()).sum(-1).mean().ToDouble();
    }
}
