using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Attention and feed-forward in one layer: [u | v | z] = act(xWᵢ), o = (u ⊙ A·v)·Wₒ, where A is a single head's attention between two scalings of z.</summary>
/// <remarks>
/// q = γ_q ⊙ z (+ β_q) and k = γ_k ⊙ z (+ β_k), with positions over all D elements; the activation acts on all three parts, z included; a kernel turns q, k and v into A·v.
/// Parameters: <c>i_dense.weight</c> [2E + D, H] with the rows of u, v and z in that order, <c>o_dense.weight</c> [H, E], <c>q_scaleoffset.weight</c> and
/// <c>k_scaleoffset.weight</c> [D], and with biases <c>.bias</c> for each of the four. Sources: https://arxiv.org/abs/2202.10447, https://kexue.fm/archives/8934.
/// </remarks>
public sealed class GatedAttentionUnit : nn.Module<Tensor, AttentionMask, Tensor>
{
    readonly Options options;
    readonly Func<Tensor, Tensor> activation;

    [ComponentName(Name = "i_dense")]
    readonly Dense inner;

    [ComponentName(Name = "o_dense")]
    readonly Dense outer;

    [ComponentName(Name = "q_scaleoffset")]
    readonly ScaleOffset query;

    [ComponentName(Name = "k_scaleoffset")]
    readonly ScaleOffset key;

    [ComponentName(Name = "dropout")]
    readonly SeededDropout dropout;

    /// <summary>Creates the layer.</summary>
    /// <param name="options">Sizes and parts.</param>
    /// <param name="parameters">Makes the weights; its generator also draws dropout masks.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public GatedAttentionUnit(Options options, ParameterFactory parameters) : base(nameof(GatedAttentionUnit))
    {
        this.options = OptionsValidator.Validate(options, nameof(GatedAttentionUnit));
        ArgumentNullException.ThrowIfNull(parameters);
        activation = Activations.Find(options.Activation);
        inner = new(options.HiddenSize, (2L * options.IntermediateSize) + options.KeySize, parameters, options.HasBias);
        outer = new(options.IntermediateSize, options.HiddenSize, parameters, options.HasBias);
        query = new(options.KeySize, options.HasBias, parameters);
        key = new(options.KeySize, options.HasBias, parameters);
        dropout = new(options.Dropout, parameters.Generator);
        RegisterComponents();
        if (options.Kernel is nn.Module kernel) register_module("kernel", kernel);
    }

    /// <summary>Applies the unit.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <param name="mask">What each query may look at.</param>
    /// <returns>[B, T, H], fresh.</returns>
    public override Tensor forward(Tensor hidden, AttentionMask mask)
    {
        using var scope = NewDisposeScope();
        var all = activation(inner.call(hidden)); // [B, T, 2E + D]
        var gate = all.narrow(-1, 0, options.IntermediateSize); // [B, T, E]
        var value = all.narrow(-1, options.IntermediateSize, options.IntermediateSize).unsqueeze(1); // [B, 1, T, E]
        var shared = all.narrow(-1, 2L * options.IntermediateSize, options.KeySize); // [B, T, D]
        var mixed = options.Kernel.Mix(Encode(query.call(shared)), Encode(key.call(shared)), value, mask, dropout).squeeze(1); // [B, T, E]
        return outer.call(mixed.mul(gate)).MoveToOuterDisposeScope();
    }

    Tensor Encode(Tensor vectors) => (options.Positions is null ? vectors : options.Positions.Encode(vectors)).unsqueeze(1); // [B, 1, T, D]

    /// <summary>Sizes and parts of a gated attention unit. The parts are shared and not owned.</summary>
    public sealed record Options
    {
        /// <summary>The width H of input and output.</summary>
        [Range(1, 65536)] public required int HiddenSize { get; init; }

        /// <summary>The width E of gate and values.</summary>
        [Range(1, 1_000_000)] public required int IntermediateSize { get; init; }

        /// <summary>The width D of queries and keys.</summary>
        /// <value>The default is 128.</value>
        [Range(1, 65536)] public int KeySize { get; init; } = 128;

        /// <summary>The activation of gate, values and the common source of queries and keys.</summary>
        /// <value>The default is <c>swish</c>.</value>
        [Required, OneOf(typeof(Activations))] public string Activation { get; init; } = "swish";

        /// <summary>Whether the maps have biases and the scalings offsets.</summary>
        /// <value>The default is false.</value>
        public bool HasBias { get; init; }

        /// <summary>The probability of dropping an attention weight, in training.</summary>
        /// <value>The default is 0.</value>
        [Range(0, 0.999)] public double Dropout { get; init; }

        /// <summary>Positions of queries and keys, for vectors of width D; null leaves them without.</summary>
        /// <value>The default is null.</value>
        public IPositionEncoding? Positions { get; init; }

        /// <summary>How scores become weights.</summary>
        /// <value>The default is <see cref="SoftmaxAttention"/> with a <see cref="LogLengthScale"/>.</value>
        [Required] public IAttentionKernel Kernel { get; init; } = new SoftmaxAttention(new LogLengthScale());
    }
}
