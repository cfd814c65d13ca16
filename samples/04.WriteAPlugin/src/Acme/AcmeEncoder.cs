using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Acme;

/// <summary>A small and fast encoder: embeddings and layers of <see cref="AcmeMixing"/>. Every trainer takes it as its architecture, <c>--architecture acme</c>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>ids, token types</term><description>int64 [B, T]</description></item>
/// <item><term>mask</term><description>bool [B, T]</description></item>
/// <item><term>result</term><description>[B, T, H]</description></item>
/// </list>
/// Source: https://arxiv.org/abs/2105.03824, where tokens are mixed without attention too.
/// </remarks>
[PipelineComponent("encoder.acme.v1", Source = "https://arxiv.org/abs/2105.03824", Summary = "A small encoder that mixes neighbouring tokens without attention")]
public sealed class AcmeEncoder : nn.Module<EncoderInput, Tensor>, IEncoder
{
    readonly Options options;

    [ComponentName(Name = "embeddings")]
    readonly TokenTypeEmbedding embeddings;

    [ComponentName(Name = "layer")]
    readonly ModuleList<AcmeMixing> layers;

    /// <summary>Creates an encoder with random weights in float32, in training mode.</summary>
    /// <param name="options">The architecture.</param>
    /// <param name="generator">Where first values and dropout masks are drawn; must outlive the encoder.</param>
    /// <param name="device">Where the parameters are; null is the CPU.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public AcmeEncoder(Options options, Generator? generator = null, Device? device = null) : base(nameof(AcmeEncoder))
    {
        this.options = OptionsValidator.Validate(options, "encoder.acme.v1");
        var parameters = ParameterFactory.Normal(generator, 0.02 * Math.Sqrt(768.0 / options.HiddenSize), device);
        embeddings = new(options.VocabularySize, 2, options.HiddenSize, options.SparseGradients, parameters,
            ("LayerNorm", parameters.Norm(options.HiddenSize, 1e-5)), ("dropout", new SeededDropout(options.Dropout, generator)));
        layers = new([.. Enumerable.Range(0, options.Layers).Select(_ => new AcmeMixing(options.HiddenSize, options.Dropout, parameters))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public int HiddenSize => options.HiddenSize;

    /// <inheritdoc/>
    public int MaximumLength => options.MaximumLength;

    /// <inheritdoc/>
    public int VocabularySize => options.VocabularySize;

    /// <inheritdoc/>
    public object Settings => options;

    /// <inheritdoc/>
    public override Tensor forward(EncoderInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var length = input.Ids.shape[1];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaximumLength, nameof(input));
        using var scope = NewDisposeScope();
        var hidden = embeddings.call(input); // [B, T, H]
        var mask = input.Mask.unsqueeze(2).to(hidden.dtype); // [B, T, 1]
        foreach (var layer in layers) hidden = layer.call(hidden, mask);
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>The architecture.</summary>
    public sealed record Options : IEncoderOptions<Options>
    {
        /// <summary>Rows of the token embedding.</summary>
        /// <value>The default is 12000.</value>
        [Range(1, 10_000_000)] public int VocabularySize { get; init; } = 12000;

        /// <summary>Width H of the vectors.</summary>
        /// <value>The default is 128.</value>
        [Range(2, 65536)] public int HiddenSize { get; init; } = 128;

        /// <summary>Number of layers; each lets a token see one neighbour further.</summary>
        /// <value>The default is 4.</value>
        [Range(1, 1000)] public int Layers { get; init; } = 4;

        /// <summary>The longest sequence, special tokens included.</summary>
        /// <value>The default is 512.</value>
        [Range(1, 1_000_000)] public int MaximumLength { get; init; } = 512;

        /// <summary>Probability of dropping an element, in training.</summary>
        /// <value>The default is 0.1.</value>
        [Range(0, 0.999)] public double Dropout { get; init; } = 0.1;

        /// <summary>Whether the token embedding's gradient holds the rows of the batch only.</summary>
        /// <value>The default is true.</value>
        public bool SparseGradients { get; init; } = true;

        /// <inheritdoc/>
        public static Options FromShape(EncoderShape shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            return new()
            {
                VocabularySize = shape.VocabularySize, HiddenSize = shape.HiddenSize, Layers = shape.Layers, MaximumLength = shape.MaximumLength, Dropout = shape.Dropout,
                SparseGradients = shape.SparseGradients,
            };
        }

        /// <inheritdoc/>
        public IEncoder Create(Generator? generator = null, Device? device = null) => new AcmeEncoder(this, generator, device);

        /// <inheritdoc/>
        public decimal CountParameters() => ((VocabularySize + 2m) * HiddenSize) + (7m * Layers * HiddenSize * HiddenSize);
    }
}
