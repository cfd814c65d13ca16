using System.Numerics;
using MLPipelines.Encoders;
using MLPipelines.Kernels;
using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Kernels;

/// <summary>Each kernel against the operators that it stands for: the same layer with gradients on (operators) and off (kernel).</summary>
[Collection("thread count")]
public sealed class KernelTests : IDisposable
{
    readonly DisposeScope _scope = NewDisposeScope();
    readonly Generator _generator = new(7);

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Kernels_run_only_where_no_gradient_is_recorded()
    {
        var x = Random(2, 3, 8);
        Assert.False(TensorRows.Suit(x));
        using var noGrad = no_grad();
        Assert.True(TensorRows.Suit(x, x.transpose(0, 1), x.to(ScalarType.BFloat16)));
        Assert.False(TensorRows.Suit(x.transpose(1, 2)));
        Assert.False(TensorRows.Suit(x.to(ScalarType.Float64)));
        Assert.False(TensorRows.Suit(x.narrow(0, 0, 0)));
    }

    [Theory]
    [InlineData(-86f, 88f, 1e-6)]
    [InlineData(-1f, 1f, 2e-7)]
    public void Exponential_is_exact_to_the_last_places(float from, float to, double tolerance)
    {
        for (var i = 0; i <= 100_000; i++)
        {
            var x = from + ((to - from) * i / 100_000);
            Assert.InRange(VectorMath.Exp(new(x))[0] / Math.Exp(x), 1 - tolerance, 1 + tolerance);
        }

        Assert.InRange(VectorMath.Exp(new(float.NegativeInfinity))[0], 0, 1e-37);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 4e-2)]
    public void Gelu_adds_the_bias_and_equals_the_operator(ScalarType dtype, double tolerance)
    {
        var (x, bias) = (Random(5, 1003).mul(4).to(dtype), Random(1003).to(dtype));
        var expected = nn.functional.gelu(x.to(ScalarType.Float64).add(bias));
        using var noGrad = no_grad();
        GeluKernel.Run(x, bias);
        Assert.InRange(Golden.Distance(expected, x), 0, tolerance);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.BFloat16, 3e-2)]
    public void Rotation_equals_the_operators_for_any_number_of_axes(ScalarType dtype, double tolerance)
    {
        using var rotary = new RotaryEmbedding(16, 40);
        var vectors = Random(2, 40, 5, 2, 16).to(dtype);
        foreach (var (part, name) in new[] { (vectors, "dense"), (vectors.select(3, 1), "strided"), (vectors.select(3, 1).select(2, 4), "three axes") })
        {
            var expected = rotary.Rotate(part);
            using var noGrad = no_grad();
            Assert.True(RotaryKernel.CanRun(part), name);
            Assert.InRange(Golden.Distance(expected, rotary.Rotate(part)), 0, tolerance);
        }
    }

    [Theory]
    [InlineData(16)] // by kernel
    [InlineData(4)] // by operators
    public void Rotation_of_a_map_adds_its_bias_before(int width)
    {
        using var rotary = new RotaryEmbedding(width, 9);
        using var map = new Dense(12, 3 * width, _generator);
        using (no_grad()) map.Bias!.copy_(Random(3 * width));
        var input = Random(2, 9, 12);
        var expected = rotary.Rotate(map.call(input).unflatten(2, 3, width));
        Assert.InRange(Golden.Distance(expected, rotary.RotateOutput(map, input, 3, width)), 0, 1e-6);
        using var noGrad = no_grad();
        Assert.InRange(Golden.Distance(expected, rotary.RotateOutput(map, input, 3, width)), 0, 2e-6);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 3e-6)]
    [InlineData(ScalarType.BFloat16, 5e-2)]
    public void Norms_of_sums_equal_the_operators(ScalarType dtype, double tolerance)
    {
        using var gained = new LayerNormalization(24, 1e-12, ParameterFactory.Normal(_generator));
        using (no_grad())
        {
            foreach (var parameter in gained.parameters()) parameter.copy_(Random(24));
        }

        gained.to(dtype);
        using var plain = new RootMeanSquareNorm(1e-7);
        var (residual, branch) = (Random(3, 7, 24).mul(3).add(1).to(dtype), Random(3, 7, 24).to(dtype));
        foreach (var norm in new nn.Module<Tensor, Tensor>[] { gained, plain })
        {
            var placement = new PostNorm(residualScale: 1.5);
            var expected = placement.Leave(residual, branch.clone(), norm);
            using var noGrad = no_grad();
            Assert.True(NormKernel.CanRun(residual, branch));
            Assert.InRange(Golden.Distance(expected, placement.Leave(residual, branch.clone(), norm)), 0, tolerance);
        }
    }

    [Theory]
    [InlineData(1, 16, 16, ScalarType.Float32, 2e-6)]
    [InlineData(5, 10, 24, ScalarType.Float32, 2e-6)] // a vector that no vector register fits, a value of three
    [InlineData(64, 64, 64, ScalarType.Float32, 2e-6)]
    [InlineData(67, 64, 64, ScalarType.Float32, 2e-6)]
    [InlineData(67, 64, 64, ScalarType.BFloat16, 4e-2)] // 0.03125 is the last place of values from 4 on
    public void Attention_equals_the_operators(int length, int width, int values, ScalarType dtype, double tolerance)
    {
        const int Batch = 2, Heads = 3;
        if (values % Vector<float>.Count != 0) values = 2 * Vector<float>.Count;
        var query = Random(Batch, length, 2 * Heads, width).to(dtype).narrow(2, 0, Heads).transpose(1, 2);
        var key = Random(Batch, length, 2 * Heads, width).to(dtype).narrow(2, Heads, Heads).transpose(1, 2);
        var value = Random(Batch, length, Heads, values).to(dtype).transpose(1, 2);
        using var dropout = new SeededDropout(0.5);
        dropout.eval();
        foreach (var input in Inputs(Batch, length))
        {
            using var mask = new AttentionMask(input, dtype);
            // Operators round scores and weights to bfloat16 in between, the kernel does not: what both stand for is the result in float32.
            using var wide = new AttentionMask(input, ScalarType.Float32);
            var expected = new SoftmaxAttention().Mix(query.to(ScalarType.Float32), key.to(ScalarType.Float32), value.to(ScalarType.Float32), wide, dropout);
            using var noGrad = no_grad();
            Assert.True(AttentionKernel.CanRun(query, key, value));
            var mixed = new SoftmaxAttention().Mix(query, key, value, mask, dropout);
            Assert.Equal(expected.shape, mixed.shape);
            Assert.Equal(dtype, mixed.dtype);
            Assert.InRange(Golden.Distance(expected, mixed.to(ScalarType.Float32)), 0, tolerance);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Encoders_give_the_same_with_kernels_and_in_pieces(int threads)
    {
        using var encoder = new RoFormerEncoder(new() { VocabularySize = 50, Layers = 3, HiddenSize = 32, Heads = 2, RotaryValue = true }, _generator);
        encoder.eval();
        var before = get_num_threads();
        try
        {
            set_num_threads(threads);
            foreach (var input in Inputs(29, 37))
            {
                var expected = encoder.call(input);
                using var noGrad = no_grad();
                Assert.Equal(threads > 1, EncoderPieces.CanSplit(input));
                Assert.InRange(Golden.Distance(expected, encoder.call(input)), 0, 1e-5);
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    /// <summary>Without padding, with padding, and with a rule for each query.</summary>
    IEnumerable<EncoderInput> Inputs(int batch, int length)
    {
        var ids = randint(50, [batch, length], ScalarType.Int64, generator: _generator);
        var all = ones(batch, length, ScalarType.Bool);
        yield return new(ids, all) { HasPadding = false };
        var some = all.clone();
        some.narrow(0, 0, 1).narrow(1, length - (length / 3), length / 3).fill_(false);
        var types = ids.remainder(2);
        yield return new(ids, some, types);
        yield return new(ids, some) { Visible = AttentionMasks.Causal(length) };
        yield return new(ids, all, types) { HasPadding = false, Visible = AttentionMasks.SequenceToSequence(types) };
    }

    Tensor Random(params long[] shape) => randn(shape, ScalarType.Float32, generator: _generator);
}
