using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>RoFormerV2: RoFormer without any bias, with a norm that has no parameters, and with relu.</summary>
/// <remarks>
/// Token and segment embeddings are added, dropped out and normalised, and mapped to the hidden width where the embedding is narrower. Each layer is
/// x ← N(x + attention(x)), x ← N(x + feed-forward(x)), with N(x) = x/√(mean(x²) + ε) (<see cref="RootMeanSquareNorm"/>) and rotary positions inside the attention.
/// First values are truncated normals whose spread fits width and depth (<see cref="ParameterFactory.Scaled"/>). The head is the token embedding alone.
/// Parameter names are those of the RoFormerV2 checkpoints in PyTorch.
/// <list type="table">
/// <item><term>ids, token types</term><description>int64 [B, T]</description></item>
/// <item><term>mask</term><description>bool [B, T]; padding keys get no attention</description></item>
/// <item><term>result</term><description>[B, T, H]</description></item>
/// </list>
/// Source: https://kexue.fm/archives/8998.
/// </remarks>
[PipelineComponent("encoder.roformer-v2.v1", Source = "https://kexue.fm/archives/8998", Summary = "Bias-free encoder with rotary positions and a norm without parameters (RoFormerV2)")]
public sealed class RoFormerV2Encoder : nn.Module<EncoderInput, Tensor>, IHiddenStates, IMaskedLanguageModel, IPooledEncoder
{
    readonly Options options;
    readonly RotaryEmbedding rotary;
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
    public RoFormerV2Encoder(Options options, Generator? generator = null, Device? device = null) : base(nameof(RoFormerV2Encoder))
    {
        this.options = OptionsValidator.Validate(options, "encoder.roformer-v2.v1");
        var parameters = options.Factory(generator, device);
        rotary = new(options.HiddenSize / options.Heads, options.MaximumLength);
        embeddings = new(options.VocabularySize, options.TokenTypes, options.EmbeddedSize, options.SparseGradients, parameters,
            ("dropout", new SeededDropout(options.Dropout, generator)), ("LayerNorm", new RootMeanSquareNorm(options.Epsilon)));
        projection = options.EmbeddedSize == options.HiddenSize ? null : new(options.EmbeddedSize, options.HiddenSize, parameters, hasBias: false);
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
    /// <remarks>A <see cref="TiedLanguageModelHead"/>, without parameters unless the embedding has another width than the hidden vectors.</remarks>
    public nn.Module<Tensor, Tensor, Tensor> CreateLanguageModelHead(Generator? generator = null, Device? device = null)
        => new TiedLanguageModelHead(options.HiddenSize, options.EmbeddedSize, options.Factory(generator, device));

    /// <inheritdoc/>
    /// <remarks>It has no bias.</remarks>
    public FirstTokenPooler CreatePooler(string activation = "tanh", Generator? generator = null, Device? device = null)
        => new(options.HiddenSize, activation, options.Factory(generator, device), hasBias: false);

    RoFormerLayer Layer(ParameterFactory parameters)
    {
        var inner = options.InnerSize;
        var self = new SelfAttention(
            new() { HiddenSize = options.HiddenSize, Heads = options.Heads, HasBias = false, Dropout = options.AttentionDropout, Positions = rotary }, parameters);
        return new(self, End(options.HiddenSize), new(new(options.HiddenSize, inner, parameters, hasBias: false), options.Activation), End(inner));

        ResidualNorm End(int inputs)
            => new(new(inputs, options.HiddenSize, parameters, hasBias: false), new RootMeanSquareNorm(options.Epsilon), new(options.Dropout, parameters.Generator));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) rotary.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The architecture; the defaults are the released base model.</summary>
    public sealed record Options : IEncoderOptions<Options>
    {
        /// <summary>Rows of the token embedding.</summary>
        /// <value>The default is 12000.</value>
        [Range(1, 10_000_000)] public int VocabularySize { get; init; } = 12000;

        /// <summary>Width of the token embedding; null is the hidden size.</summary>
        /// <value>The default is null.</value>
        [Range(1, 65536)] public int? EmbeddingSize { get; init; }

        /// <summary>Width H of the vectors.</summary>
        /// <value>The default is 768.</value>
        [Range(2, 65536), MultipleOf(nameof(Heads), Even = true)] public int HiddenSize { get; init; } = 768;

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
        /// <value>The default is <c>relu</c>.</value>
        [Required, OneOf(typeof(Activations))] public string Activation { get; init; } = "relu";

        /// <summary>The longest sequence, special tokens included.</summary>
        /// <value>The default is 512.</value>
        [Range(1, 1_000_000)] public int MaximumLength { get; init; } = 512;

        /// <summary>Number of segment ids.</summary>
        /// <value>The default is 2.</value>
        [Range(1, 1024)] public int TokenTypes { get; init; } = 2;

        /// <summary>Added to the mean of squares in every normalisation.</summary>
        /// <value>The default is 1e-12.</value>
        [Range(0.0, 1.0)] public double Epsilon { get; init; } = 1e-12;

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
        public IEncoder Create(Generator? generator = null, Device? device = null) => new RoFormerV2Encoder(this, generator, device);

        /// <inheritdoc/>
        public decimal CountParameters()
            => ((VocabularySize + TokenTypes) * (decimal)EmbeddedSize) + (Layers * (decimal)HiddenSize * ((4m * HiddenSize) + (2m * InnerSize)));

        internal int EmbeddedSize => EmbeddingSize ?? HiddenSize;

        internal int InnerSize => IntermediateSize ?? 4 * HiddenSize;

        internal ParameterFactory Factory(Generator? generator, Device? device) => ParameterFactory.Scaled(generator, Layers, order: 2, device);
    }
}
