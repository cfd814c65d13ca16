using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>GAU-α: a stack of gated attention units with rotary positions, without any bias.</summary>
/// <remarks>
/// Token and segment embeddings are added, dropped out and normalised. Each layer is x ← N(x + GAU(x)), with N(x) = x/√(mean(x²) + ε) (<see cref="RootMeanSquareNorm"/>)
/// and a <see cref="GatedAttentionUnit"/>; two of them do the work of one attention and feed-forward pair. First values are truncated normals whose spread fits width and
/// depth (<see cref="ParameterFactory.Scaled"/>). The head is the token embedding alone. Parameter names are those of the GAU-α checkpoint in PyTorch.
/// <list type="table">
/// <item><term>ids, token types</term><description>int64 [B, T]</description></item>
/// <item><term>mask</term><description>bool [B, T]; padding keys get no attention</description></item>
/// <item><term>result</term><description>[B, T, H]</description></item>
/// </list>
/// Sources: https://kexue.fm/archives/9052, https://arxiv.org/abs/2202.10447.
/// </remarks>
[PipelineComponent("encoder.gau-alpha.v1", Source = "https://kexue.fm/archives/9052", Summary = "Encoder of gated attention units with rotary positions (GAU-α)")]
public sealed class GauAlphaEncoder : nn.Module<EncoderInput, Tensor>, IHiddenStates, IMaskedLanguageModel
{
    readonly Options options;
    readonly RotaryEmbedding rotary;
    readonly EncoderBody body;

    [ComponentName(Name = "embeddings")]
    readonly TokenTypeEmbedding embeddings;

    [ComponentName(Name = "encoder")]
    readonly LayerStack layers;

    /// <summary>Creates an encoder with random weights in float32, in training mode.</summary>
    /// <param name="options">The architecture.</param>
    /// <param name="generator">Where first values and dropout masks are drawn; must outlive the encoder. Null leaves every weight matrix zero, for weights that are loaded afterwards.</param>
    /// <param name="device">Where the parameters are; null is the CPU. On <see cref="META"/> they have no memory.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public GauAlphaEncoder(Options options, Generator? generator = null, Device? device = null) : base(nameof(GauAlphaEncoder))
    {
        this.options = OptionsValidator.Validate(options, "encoder.gau-alpha.v1");
        var parameters = options.Factory(generator, device);
        rotary = new(options.AttentionKeySize, options.MaximumLength);
        embeddings = new(options.VocabularySize, options.TokenTypes, options.HiddenSize, options.SparseGradients, parameters,
            ("dropout", new SeededDropout(options.Dropout, generator)), ("LayerNorm", new RootMeanSquareNorm(options.Epsilon)));
        layers = new(Enumerable.Range(0, options.Layers).Select(_ => Layer(parameters)));
        body = new(options.MaximumLength, embeddings, null, layers);
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
    /// <remarks>A <see cref="TiedLanguageModelHead"/>, without parameters.</remarks>
    public nn.Module<Tensor, Tensor, Tensor> CreateLanguageModelHead(Generator? generator = null, Device? device = null)
        => new TiedLanguageModelHead(options.HiddenSize, options.HiddenSize, options.Factory(generator, device));

    GauLayer Layer(ParameterFactory parameters)
    {
        var unit = new GatedAttentionUnit(
            new()
            {
                HiddenSize = options.HiddenSize, IntermediateSize = options.InnerSize, KeySize = options.AttentionKeySize, Activation = options.Activation,
                HasBias = options.HasBias, Dropout = options.AttentionDropout, Positions = rotary,
                Kernel = AttentionKernels.Find(options.Normalization, options.MinimumKeys, options.NormalizationLength),
            }, parameters);
        return new(unit, new RootMeanSquareNorm(options.Epsilon), new(options.Dropout, parameters.Generator), new PostNorm());
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

        /// <summary>Width H of the vectors.</summary>
        /// <value>The default is 768.</value>
        [Range(2, 65536)] public int HiddenSize { get; init; } = 768;

        /// <summary>Number of gated attention units.</summary>
        /// <value>The default is 24.</value>
        [Range(1, 1000)] public int Layers { get; init; } = 24;

        /// <summary>Width of gate and values; null is twice the hidden size.</summary>
        /// <value>The default is null.</value>
        [Range(1, 1_000_000)] public int? IntermediateSize { get; init; }

        /// <summary>Width of queries and keys, even.</summary>
        /// <value>The default is 128.</value>
        [Range(2, 65536), Even] public int AttentionKeySize { get; init; } = 128;

        /// <summary>Activation of the units, by its name in Hugging Face configurations.</summary>
        /// <value>The default is <c>swish</c>.</value>
        [Required, OneOf(typeof(Activations))] public string Activation { get; init; } = "swish";

        /// <summary>How attention scores become weights, by its name in published configurations: <c>softmax</c>, <c>softmax_plus</c> or <c>squared_relu</c>.</summary>
        /// <value>The default is <c>softmax_plus</c>.</value>
        [Required, OneOf(typeof(AttentionKernels))] public string Normalization { get; init; } = "softmax_plus";

        /// <summary>For <c>softmax_plus</c>: the least number of visible keys that is reckoned with.</summary>
        /// <value>The default is 1, as GAU-α was trained. bert4keras has used 16 since version 0.11.5; inputs of 16 tokens and more do not notice.</value>
        [Range(1, 1_000_000)] public int MinimumKeys { get; init; } = 1;

        /// <summary>For <c>squared_relu</c>: the length that divides; null takes the number of visible keys. Fine-tuning needs the length of pre-training.</summary>
        /// <value>The default is null.</value>
        [Range(1, 1_000_000)] public int? NormalizationLength { get; init; }

        /// <summary>Whether the units have biases and offsets.</summary>
        /// <value>The default is false.</value>
        public bool HasBias { get; init; }

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
        /// <remarks>One transformer layer is two units; heads are not used, because a unit has one.</remarks>
        public static Options FromShape(EncoderShape shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            return new()
            {
                VocabularySize = shape.VocabularySize, Layers = 2 * shape.Layers, HiddenSize = shape.HiddenSize, MaximumLength = shape.MaximumLength,
                Dropout = shape.Dropout, AttentionDropout = shape.Dropout, SparseGradients = shape.SparseGradients,
            };
        }

        /// <inheritdoc/>
        public IEncoder Create(Generator? generator = null, Device? device = null) => new GauAlphaEncoder(this, generator, device);

        /// <inheritdoc/>
        public decimal CountParameters()
            => ((VocabularySize + TokenTypes) * (decimal)HiddenSize) + (Layers * (decimal)HiddenSize * ((3m * InnerSize) + AttentionKeySize));

        internal int InnerSize => IntermediateSize ?? 2 * HiddenSize;

        internal ParameterFactory Factory(Generator? generator, Device? device) => ParameterFactory.Scaled(generator, Layers, order: 3, device);
    }
}
