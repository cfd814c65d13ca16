using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Multi-head self-attention, put together from positions and a kernel; by default softmax(R(q)R(k)ᵀ/√D + mask)·v for each head.</summary>
/// <remarks>
/// Queries, keys and values come from one matrix product; the three maps stay separate parameters, named as in published checkpoints: <c>query</c>, <c>key</c>
/// (<c>.weight</c> [N·D, H], <c>.bias</c> [N·D]) and <c>value</c> ([H, H], [H]). Positions are applied after the bias and before the scale.
/// A key width D above H/N lifts the rank of the scores. Sources: https://arxiv.org/abs/2104.09864, https://arxiv.org/abs/2002.07028.
/// </remarks>
public sealed class SelfAttention : nn.Module<Tensor, AttentionMask, Tensor>
{
    readonly Options options;
    readonly int keyWidth;
    readonly int valueWidth;

    [ComponentName(Name = "query")]
    readonly Dense query;

    [ComponentName(Name = "key")]
    readonly Dense key;

    [ComponentName(Name = "value")]
    readonly Dense value;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    /// <summary>Creates the layer.</summary>
    /// <param name="options">Sizes and parts.</param>
    /// <param name="parameters">Makes the weights; its generator also draws dropout masks.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public SelfAttention(Options options, ParameterFactory parameters) : base(nameof(SelfAttention))
    {
        this.options = OptionsValidator.Validate(options, nameof(SelfAttention));
        valueWidth = options.HiddenSize / options.Heads;
        keyWidth = options.KeySize ?? valueWidth;
        query = new(options.HiddenSize, (long)options.Heads * keyWidth, parameters, options.HasBias);
        key = new(options.HiddenSize, (long)options.Heads * keyWidth, parameters, options.HasBias);
        value = new(options.HiddenSize, options.HiddenSize, parameters, options.HasBias);
        dropout = new(options.Dropout, parameters.Generator);
        RegisterComponents();
        if (options.Kernel is nn.Module kernel) register_module("kernel", kernel);
    }

    /// <summary>Attends.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">What each query may look at.</param>
    /// <returns>[B, T, H], fresh.</returns>
    public override Tensor forward(Tensor hidden, AttentionMask mask)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Project(hidden); // each [B, T, N, width]
        var mixed = options.Kernel.Mix(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), mask, dropout); // [B, N, T, H/N]
        return mixed.transpose(1, 2).flatten(2).MoveToOuterDisposeScope();
    }

    (Tensor Query, Tensor Key, Tensor Value) Project(Tensor hidden)
    {
        if (!is_grad_enabled())
        {
            // As fast as one product for all three, and without joining the weights first.
            var q = Encode(options.Positions, query.call(hidden).unflatten(2, options.Heads, keyWidth));
            var k = Encode(options.Positions, key.call(hidden).unflatten(2, options.Heads, keyWidth));
            var v = Encode(options.ValuePositions, value.call(hidden).unflatten(2, options.Heads, valueWidth));
            return (q, k, v);
        }

        var weight = cat([query.Weight, key.Weight, value.Weight]); // [2·N·D + H, H]
        var bias = options.HasBias ? cat([query.Bias!, key.Bias!, value.Bias!]) : null;
        var all = MixedPrecision.Linear(hidden, weight, bias, query.ComputeType); // [B, T, 2·N·D + H]
        var keys = 2L * options.Heads * keyWidth;
        var both = Encode(options.Positions, all.narrow(-1, 0, keys).unflatten(2, 2 * options.Heads, keyWidth)); // [B, T, 2·N, D]
        var values = Encode(options.ValuePositions, all.narrow(-1, keys, options.HiddenSize).unflatten(2, options.Heads, valueWidth)); // [B, T, N, H/N]
        return (both.narrow(2, 0, options.Heads), both.narrow(2, options.Heads, options.Heads), values);
    }

    static Tensor Encode(IPositionEncoding? positions, Tensor vectors) => positions is null ? vectors : positions.Encode(vectors);

    /// <summary>Sizes and parts of an attention. The parts are shared and not owned.</summary>
    public sealed record Options
    {
        /// <summary>The width H of input and output.</summary>
        [Range(1, 65536), MultipleOf(nameof(Heads))] public required int HiddenSize { get; init; }

        /// <summary>The number of heads N, a divisor of the hidden size.</summary>
        [Range(1, 1024)] public required int Heads { get; init; }

        /// <summary>The width D of one query or key; null is H/N.</summary>
        /// <value>The default is null.</value>
        [Range(1, 65536)] public int? KeySize { get; init; }

        /// <summary>Whether the three maps have a bias.</summary>
        /// <value>The default is true.</value>
        public bool HasBias { get; init; } = true;

        /// <summary>The probability of dropping an attention weight, in training.</summary>
        /// <value>The default is 0.</value>
        [Range(0, 0.999)] public double Dropout { get; init; }

        /// <summary>Positions of queries and keys, for vectors of width D; null leaves them without.</summary>
        /// <value>The default is null.</value>
        public IPositionEncoding? Positions { get; init; }

        /// <summary>Positions of values, for vectors of width H/N; null leaves them without.</summary>
        /// <value>The default is null.</value>
        public IPositionEncoding? ValuePositions { get; init; }

        /// <summary>How scores become weights.</summary>
        /// <value>The default is <see cref="SoftmaxAttention"/>.</value>
        [Required] public IAttentionKernel Kernel { get; init; } = new SoftmaxAttention();
    }
}
