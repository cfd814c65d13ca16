using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Scores every vocabulary entry at every token: t = LayerNorm(act(xWᵀ + b)), logits = t·Eᵀ + c, with the encoder's token embedding E.</summary>
/// <remarks>
/// Parameters, named as under <c>cls.predictions</c> in published checkpoints: <c>transform.dense.*</c> [E, H], <c>transform.LayerNorm.*</c> [E], <c>bias</c> [V].
/// The embedding is passed to each call, because the encoder owns it.
/// </remarks>
public sealed class MaskedLanguageModelHead : nn.Module<Tensor, Tensor, Tensor>, IMixedPrecision
{
    [ComponentName(Name = "transform")]
    readonly NormedDense transform;

    [ComponentName(Name = "bias")]
    readonly Parameter bias;

    /// <summary>Creates the head.</summary>
    /// <param name="hidden">Width of the encoder's vectors.</param>
    /// <param name="embedding">Width of its token embedding.</param>
    /// <param name="vocabulary">Rows of its token embedding.</param>
    /// <param name="activation">A name that <see cref="Activations"/> knows.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="generator">For first values; not owned.</param>
    public MaskedLanguageModelHead(int hidden, int embedding, int vocabulary, string activation = "gelu", double epsilon = 1e-12, Generator? generator = null)
        : this(hidden, embedding, vocabulary, activation, epsilon, ParameterFactory.Normal(generator))
    {
    }

    /// <summary>Creates the head.</summary>
    /// <param name="hidden">Width of the encoder's vectors.</param>
    /// <param name="embedding">Width of its token embedding.</param>
    /// <param name="vocabulary">Rows of its token embedding.</param>
    /// <param name="activation">A name that <see cref="Activations"/> knows.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="parameters">Makes the weights.</param>
    public MaskedLanguageModelHead(int hidden, int embedding, int vocabulary, string activation, double epsilon, ParameterFactory parameters)
        : base(nameof(MaskedLanguageModelHead))
    {
        ArgumentNullException.ThrowIfNull(parameters);
        transform = new(hidden, embedding, activation, epsilon, parameters);
        bias = parameters.Vector(vocabulary);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public ScalarType? ComputeType { get; set; }

    /// <summary>Scores.</summary>
    /// <param name="hidden">[…, H].</param>
    /// <param name="tokens">The token embedding [V, E].</param>
    /// <returns>[…, V], fresh.</returns>
    public override Tensor forward(Tensor hidden, Tensor tokens)
    {
        using var transformed = transform.call(hidden); // […, E]
        return MixedPrecision.Linear(transformed, tokens, bias, ComputeType);
    }

    sealed class NormedDense : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "dense")]
        readonly Dense dense;

        [ComponentName(Name = "LayerNorm")]
        readonly LayerNormalization norm;

        readonly Func<Tensor, Tensor> activation;

        public NormedDense(int inputs, int outputs, string activation, double epsilon, ParameterFactory parameters) : base(nameof(NormedDense))
        {
            dense = new(inputs, outputs, parameters);
            norm = parameters.Norm(outputs, epsilon);
            this.activation = Activations.Find(activation);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return norm.call(activation(dense.call(input))).MoveToOuterDisposeScope();
        }
    }
}
