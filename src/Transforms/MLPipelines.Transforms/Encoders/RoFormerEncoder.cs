using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>RoFormer, first version: a BERT encoder whose positions are rotations of queries and keys.</summary>
/// <remarks>
/// Token and segment embeddings are added, normalised and dropped out, and mapped to the hidden width where the embedding is narrower. Each layer is
/// x ← LayerNorm(x + attention(x)), x ← LayerNorm(x + feed-forward(x)), with rotary positions (<see cref="RotaryEmbedding"/>) inside the attention only.
/// Parameter names are those of <c>RoFormerModel</c> in Hugging Face transformers.
/// <list type="table">
/// <item><term>ids, token types</term><description>int64 [B, T]</description></item>
/// <item><term>mask</term><description>bool [B, T]; padding keys get no attention</description></item>
/// <item><term>result</term><description>[B, T, H]</description></item>
/// </list>
/// Sources: https://arxiv.org/abs/2104.09864, https://kexue.fm/archives/8265.
/// </remarks>
[PipelineComponent("encoder.roformer.v1", Source = "https://arxiv.org/abs/2104.09864", Summary = "BERT encoder with rotary positions (RoFormer v1)")]
public sealed class RoFormerEncoder : nn.Module<EncoderInput, Tensor>, IHiddenStates, IMaskedLanguageModel, IPooledEncoder
{
    readonly Options options;
    readonly RotaryEmbedding rotary;
    readonly RotaryEmbedding? valueRotary;
    readonly EncoderBody body;

    [ComponentName(Name = "embeddings")]
    readonly TokenTypeEmbedding embeddings;

    [ComponentName(Name = "embeddings_project")]
    readonly Dense? projection;

    [ComponentName(Name = "encoder")]
    readonly LayerStack layers;

    /// <summary>Creates an encoder with random weights in float32, in training mode.</summary>
    /// <param name="options">The architecture.</param>
    /// <param name="generator">Where first values and dropout masks are drawn; must outlive the encoder. Null leaves every weight matrix zero, for weights that are loaded afterwards.</param>
    /// <param name="device">Where the parameters are; null is the CPU. On <see cref="META"/> they have no memory.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public RoFormerEncoder(Options options, Generator? generator = null, Device? device = null) : base(nameof(RoFormerEncoder))
    {
        this.options = OptionsValidator.Validate(options, "encoder.roformer.v1");
        var parameters = options.Factory(generator, device);
        rotary = new(options.KeyWidth, options.MaximumLength);
        valueRotary = options.RotaryValue ? new(options.HiddenSize / options.Heads, options.MaximumLength) : null;
        embeddings = new(options.VocabularySize, options.TokenTypes, options.EmbeddedSize, options.SparseGradients, parameters,
            ("LayerNorm", parameters.Norm(options.EmbeddedSize, options.Epsilon)), ("dropout", new SeededDropout(options.Dropout, generator)));
        projection = options.EmbeddedSize == options.HiddenSize ? null : new(options.EmbeddedSize, options.HiddenSize, parameters);
        layers = new(Enumerable.Range(0, options.Layers).Select(_ => Layer(parameters)));
        body = new(options.MaximumLength, embeddings, projection, layers);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public int HiddenSize => options.HiddenSize;

    /// <inheritdoc/>
    public int MaximumLength => options.MaximumLength;

    /// <inheritdoc/>
    public int VocabularySize => options.VocabularySize;

    /// <summary>The architecture this encoder was created with.</summary>
    public Options Settings => options;

    object IEncoder.Settings => options;

    /// <inheritdoc/>
    public Parameter TokenWeights => embeddings.Tokens;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The sequences are longer than <see cref="MaximumLength"/>.</exception>
    public override Tensor forward(EncoderInput input) => body.Encode(input);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The sequences are longer than <see cref="MaximumLength"/>.</exception>
    public IReadOnlyList<Tensor> HiddenStates(EncoderInput input) => body.HiddenStates(input);

    /// <inheritdoc/>
    /// <remarks>A <see cref="MaskedLanguageModelHead"/>.</remarks>
    public nn.Module<Tensor, Tensor, Tensor> CreateLanguageModelHead(Generator? generator = null, Device? device = null)
        => new MaskedLanguageModelHead(
            options.HiddenSize, options.EmbeddedSize, options.VocabularySize, options.Activation, options.Epsilon, options.Factory(generator, device));

    /// <inheritdoc/>
    public FirstTokenPooler CreatePooler(string activation = "tanh", Generator? generator = null, Device? device = null)
        => new(options.HiddenSize, activation, options.Factory(generator, device));

    RoFormerLayer Layer(ParameterFactory parameters)
    {
        var inner = options.InnerSize;
        var self = new SelfAttention(
            new()
            {
                HiddenSize = options.HiddenSize, Heads = options.Heads, KeySize = options.KeyWidth, Dropout = options.AttentionDropout, Positions = rotary, ValuePositions = valueRotary,
            }, parameters);
        return new(self, End(options.HiddenSize), new(new(options.HiddenSize, inner, parameters), options.Activation), End(inner));

        ResidualNorm End(int inputs)
            => new(new(inputs, options.HiddenSize, parameters), parameters.Norm(options.HiddenSize, options.Epsilon), new(options.Dropout, parameters.Generator));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rotary.Dispose();
            valueRotary?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The architecture; the defaults are the released base model for Chinese characters.</summary>
    public sealed record Options : IValidatableObject, IEncoderOptions<Options>
    {
        /// <summary>Rows of the token embedding.</summary>
        /// <value>The default is 12000.</value>
        [Range(1, 10_000_000)] public int VocabularySize { get; init; } = 12000;

        /// <summary>Width of the token embedding; null is the hidden size.</summary>
        /// <value>The default is null.</value>
        [Range(1, 65536)] public int? EmbeddingSize { get; init; }

        /// <summary>Width H of the vectors.</summary>
        /// <value>The default is 768.</value>
        [Range(2, 65536)] public int HiddenSize { get; init; } = 768;

        /// <summary>Number of layers.</summary>
        /// <value>The default is 12.</value>
        [Range(1, 1000)] public int Layers { get; init; } = 12;

        /// <summary>Number of attention heads; the hidden size is an even multiple of it.</summary>
        /// <value>The default is 12.</value>
        [Range(1, 1024)] public int Heads { get; init; } = 12;

        /// <summary>Width inside the feed-forward layers; null is four times the hidden size.</summary>
        /// <value>The default is null.</value>
        [Range(1, 1_000_000)] public int? IntermediateSize { get; init; }

        /// <summary>Activation of the feed-forward layers, by its name in Hugging Face configurations.</summary>
        /// <value>The default is <c>gelu</c>, the exact form.</value>
        [Required, OneOf(typeof(Activations))] public string Activation { get; init; } = "gelu";

        /// <summary>The longest sequence, special tokens included.</summary>
        /// <value>The default is 512.</value>
        [Range(1, 1_000_000)] public int MaximumLength { get; init; } = 512;

        /// <summary>Number of segment ids.</summary>
        /// <value>The default is 2.</value>
        [Range(1, 1024)] public int TokenTypes { get; init; } = 2;

        /// <summary>Width of one query or key, even; null is the hidden size divided by the heads. More than that lifts the rank of the attention scores.</summary>
        /// <value>The default is null.</value>
        [Range(2, 65536), Even] public int? KeySize { get; init; }

        /// <summary>Whether values are rotated as well as queries and keys.</summary>
        /// <value>The default is false.</value>
        public bool RotaryValue { get; init; }

        /// <summary>Added to the variance in every normalisation.</summary>
        /// <value>The default is 1e-12.</value>
        [Range(0.0, 1.0)] public double Epsilon { get; init; } = 1e-12;

        /// <summary>Standard deviation σ of the first values of weight matrices and tables, before they are cut off at 2σ; null fits it to the width of each matrix, with 0.02 for tables (<see cref="ParameterFactory.FanIn"/>).</summary>
        /// <value>The default is null. Published configurations say 0.02, which suits the width 768.</value>
        [Range(1e-6, 1.0)] public double? InitializerRange { get; init; }

        /// <summary>Probability of dropping an element of an embedding or of a sub-layer's result, in training.</summary>
        /// <value>The default is 0.1.</value>
        [Range(0, 0.999)] public double Dropout { get; init; } = 0.1;

        /// <summary>Probability of dropping an attention weight, in training.</summary>
        /// <value>The default is 0.1.</value>
        [Range(0, 0.999)] public double AttentionDropout { get; init; } = 0.1;

        /// <summary>Whether the token embedding's gradient holds the rows of the batch only, which a large vocabulary needs to train fast.</summary>
        /// <value>The default is true. The optimiser has to accept sparse gradients.</value>
        public bool SparseGradients { get; init; } = true;

        /// <inheritdoc/>
        public static Options FromShape(EncoderShape shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            return new()
            {
                VocabularySize = shape.VocabularySize, Layers = shape.Layers, HiddenSize = shape.HiddenSize, Heads = shape.Heads, MaximumLength = shape.MaximumLength,
                Dropout = shape.Dropout, AttentionDropout = shape.Dropout, SparseGradients = shape.SparseGradients,
            };
        }

        /// <inheritdoc/>
        public IEncoder Create(Generator? generator = null, Device? device = null) => new RoFormerEncoder(this, generator, device);

        /// <inheritdoc/>
        public decimal CountParameters()
        {
            decimal keys = 2m * Heads * KeyWidth;
            return ((VocabularySize + TokenTypes) * (decimal)EmbeddedSize) + (Layers * HiddenSize * (keys + (2m * HiddenSize) + (2m * InnerSize)));
        }

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            var even = KeySize is null || RotaryValue;
            if (Heads > 0 && HiddenSize % (even ? 2 * Heads : Heads) != 0)
            {
                yield return new($"The field HiddenSize must be {(even ? "an even" : "a")} multiple of Heads ({Heads}), found {HiddenSize}.", [nameof(HiddenSize)]);
            }
        }

        internal int EmbeddedSize => EmbeddingSize ?? HiddenSize;

        internal int KeyWidth => KeySize ?? HiddenSize / Heads;

        internal int InnerSize => IntermediateSize ?? 4 * HiddenSize;

        internal ParameterFactory Factory(Generator? generator, Device? device) =>
            InitializerRange is { } deviation ? ParameterFactory.Normal(generator, deviation, device) : ParameterFactory.FanIn(generator, device);
    }
}
