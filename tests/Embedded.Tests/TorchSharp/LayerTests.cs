using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Embedded.Tests;

public sealed class LayerTests
{
    [Fact]
    public void Linear_multiplies_by_the_transposed_weight()
    {
        using var linear = nn.Linear(2, 1);
        linear.weight = nn.Parameter(tensor(new float[,] { { 2, 3 } }));
        linear.bias = nn.Parameter(tensor(new[] { 1f }));
        Expect.Equal(linear.call(tensor(new float[,] { { 1, 1 }, { 0, 2 } })), 6, 7);
        using var plain = nn.Linear(2, 1, hasBias: false);
        Assert.Null(plain.bias);
        Assert.Single(plain.parameters());
    }

    [Fact]
    public void New_layers_start_within_their_bounds()
    {
        using var linear = nn.Linear(100, 50);
        Assert.InRange(linear.weight!.abs().max().ToDouble(), 0.09, 0.1);
        Assert.InRange(linear.bias!.abs().max().ToDouble(), 0.05, 0.1);
        using var norm = nn.LayerNorm(3);
        Expect.Equal(norm.weight, 1, 1, 1);
        Expect.Equal(norm.bias!, 0, 0, 0);
        using var table = nn.Embedding(1000, 20, padding_idx: 0);
        Expect.Equal(table.weight!.select(0, 0).abs().sum(), 0);
        Assert.Equal(1, table.weight!.slice(0, 1, 1000, 1).std().ToDouble(), 0.05);
    }

    [Fact]
    public void Embedding_looks_rows_up()
    {
        using var table = nn.Embedding_from_pretrained(tensor(new float[,] { { 1, 2 }, { 3, 4 } }));
        Expect.Equal(table.call(tensor(new long[] { 1, 0, 1 })), 3, 4, 1, 2, 3, 4);
        Assert.False(table.weight!.requires_grad);
    }

    [Fact]
    public void Layer_norm_gives_mean_zero_and_variance_one()
    {
        using var norm = nn.LayerNorm(4, eps: 0);
        var y = norm.call(tensor(new float[,] { { 1, 2, 3, 4 }, { -10, 0, 0, 10 } }));
        Expect.Close(y.mean([1]), 1e-6, 0, 0);
        Expect.Close(y.var(1L, unbiased: false), 1e-5, 1, 1);
        using var without = nn.LayerNorm(4, elementwise_affine: false);
        Assert.Empty(without.parameters());
    }

    [Fact]
    public void Sequential_calls_one_after_the_other()
    {
        using var sequence = nn.Sequential(nn.ReLU(), nn.Identity(), nn.SiLU());
        Expect.Equal(sequence.call(tensor(new[] { -1f, 1f })), 0, 1 / (1 + Math.Exp(-1)));
        Assert.Equal(3, sequence.Count);
        sequence.append(nn.Tanh());
        Assert.Equal(["0", "1", "2", "3"], sequence.named_children().Select(item => item.name));
    }

    [Fact]
    public void Attention_is_the_plain_formula()
    {
        using var generator = new Generator(4);
        Tensor Next() => randn(2, 3, 5, 8, dtype: float64, generator: generator);
        var (q, k, v) = (Next(), Next(), Next());
        Tensor Plain(Tensor? mask)
        {
            var scores = q.matmul(k.transpose(-2, -1)) / Math.Sqrt(8);
            if (mask is not null) scores += mask;
            return scores.softmax(-1).matmul(v);
        }
        Assert.True(F.scaled_dot_product_attention(q, k, v).allclose(Plain(null)));
        var added = randn(2, 1, 5, 5, dtype: float64, generator: generator);
        Assert.True(F.scaled_dot_product_attention(q, k, v, added).allclose(Plain(added)));
        var causal = zeros(5, 5, dtype: float64).masked_fill(ones(5, 5, ScalarType.Bool).triu(1), double.NegativeInfinity);
        Assert.True(F.scaled_dot_product_attention(q, k, v, is_casual: true).allclose(Plain(causal)));
    }

    [Fact]
    public void Losses_are_the_textbook_ones()
    {
        var logits = tensor(new float[,] { { 0, 0 }, { 0, (float)Math.Log(3) } });
        var labels = tensor(new long[] { 0, 1 });
        Expect.Equal(F.cross_entropy(logits, labels), (Math.Log(2) - Math.Log(0.75)) / 2);
        Expect.Equal(F.cross_entropy(logits, labels, reduction: nn.Reduction.Sum), Math.Log(2) - Math.Log(0.75));
        Expect.Equal(F.cross_entropy(logits, tensor(new long[] { 0, -100 })), Math.Log(2));
        Expect.Equal(F.binary_cross_entropy_with_logits(zeros(2), tensor(new[] { 0f, 1f })), Math.Log(2));
        Expect.Equal(F.binary_cross_entropy_with_logits(zeros(2), tensor(new[] { 0f, 1f }), pos_weights: tensor(3f)), 2 * Math.Log(2));
        Expect.Equal(F.mse_loss(tensor(new[] { 1f, 3f }), zeros(2)), 5);
        Expect.Equal(F.one_hot(tensor(new long[] { 2, 0 }), 3), 0, 0, 1, 1, 0, 0);
    }

    [Fact]
    public void Clipping_scales_all_gradients_alike()
    {
        using var linear = nn.Linear(2, 1, hasBias: false);
        (linear.call(tensor(new float[,] { { 3, 4 } })) * 2).sum().backward();
        Assert.Equal(10, nn.utils.clip_grad_norm_(linear.parameters(), 5), 1e-4);
        Expect.Close(linear.parameters().Single().grad!, 1e-4, 3, 4);
        Assert.Equal(5, nn.utils.clip_grad_norm_(linear.parameters(), 100), 1e-4);
    }

    [Fact]
    public void Initial_values_are_filled_in_place()
    {
        using var generator = new Generator(1);
        using var linear = nn.Linear(200, 100);
        var weight = linear.parameters().First();
        nn.init.xavier_uniform_(weight);
        Assert.InRange(weight.abs().max().ToDouble(), 0.13, Math.Sqrt(6.0 / 300));
        nn.init.normal_(weight, 1, 0.1, generator);
        Assert.Equal(1, weight.mean().ToDouble(), 0.01);
        nn.init.trunc_normal_(weight, 0, 1, -1, 1);
        Assert.InRange(weight.abs().max().ToDouble(), 0.9, 1);
        nn.init.constant_(weight, 3);
        Assert.Equal(3, weight.max().item<float>());
        Assert.True(weight.requires_grad);
    }
}
