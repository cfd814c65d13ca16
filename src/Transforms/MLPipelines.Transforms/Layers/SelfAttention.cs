using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Multi-head self-attention with rotary positions: softmax(R(q)R(k)ᵀ/√D + mask)·v for each head.</summary>
/// <remarks>
/// Queries, keys and values come from one matrix product; the three maps stay separate parameters, named as in published checkpoints:
/// <c>query</c>, <c>key</c>, <c>value</c> (<c>.weight</c> [H, H] and <c>.bias</c> [H]). Positions are applied after the bias and before the scale.
/// Source: https://arxiv.org/abs/2104.09864.
/// </remarks>
public sealed class SelfAttention : nn.Module<Tensor, Tensor?, Tensor>
{
    readonly int heads;
    readonly int width;
    readonly bool rotateValues;
    readonly RotaryEmbedding rotary;

    [ComponentName(Name = "query")]
    readonly Dense query;

    [ComponentName(Name = "key")]
    readonly Dense key;

    [ComponentName(Name = "value")]
    readonly Dense value;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    /// <summary>Creates the layer.</summary>
    /// <param name="hidden">The width H of input and output.</param>
    /// <param name="heads">The number of heads N; D = H / N is even.</param>
    /// <param name="rotary">Positions for vectors of width D; shared between layers and not owned.</param>
    /// <param name="dropout">The probability of dropping an attention weight.</param>
    /// <param name="rotateValues">Whether values are rotated too.</param>
    /// <param name="generator">For first values and dropout; not owned.</param>
    public SelfAttention(int hidden, int heads, RotaryEmbedding rotary, double dropout = 0, bool rotateValues = false, Generator? generator = null)
        : base(nameof(SelfAttention))
    {
        (this.heads, this.rotary, this.rotateValues) = (heads, rotary, rotateValues);
        width = hidden / heads;
        query = new(hidden, hidden, generator);
        key = new(hidden, hidden, generator);
        value = new(hidden, hidden, generator);
        this.dropout = new(dropout, generator);
        RegisterComponents();
    }

    /// <summary>Attends.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="bias">Added to the scores before softmax, broadcast to [B, N, T, T]: 0 = visible, a large negative number = hidden. Null hides nothing.</param>
    /// <returns>[B, T, H], fresh.</returns>
    public override Tensor forward(Tensor hidden, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Project(hidden); // each [B, N, T, D]
        Tensor mixed;
        if (dropout.IsActive)
        {
            var scores = q.matmul(k.transpose(-2, -1)).mul_(1 / Math.Sqrt(width)); // [B, N, T, T]
            if (bias is not null) scores = scores.add_(bias);
            mixed = dropout.call(scores.softmax(-1)).matmul(v);
        }
        else
        {
            mixed = nn.functional.scaled_dot_product_attention(q, k, v, bias);
        }
        return mixed.transpose(1, 2).flatten(2).MoveToOuterDisposeScope();
    }

    (Tensor Query, Tensor Key, Tensor Value) Project(Tensor hidden)
    {
        var weight = cat([query.Weight, key.Weight, value.Weight]); // [3H, H]
        var bias = cat([query.Bias!, key.Bias!, value.Bias!]);
        var all = nn.functional.linear(hidden, weight, bias).unflatten(2, 3, heads, width); // [B, T, 3, N, D]
        var turned = rotary.Rotate(rotateValues ? all : all.narrow(2, 0, 2));
        var v = (rotateValues ? turned : all).select(2, 2);
        return (turned.select(2, 0).transpose(1, 2), turned.select(2, 1).transpose(1, 2), v.transpose(1, 2));
    }
}
