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
public sealed class RoFormerEncoder : nn.Module<EncoderInput, Tensor>, IEncoder
{
    // Low enough to remove a key from the softmax, and finite, so that a query that sees nothing stays a number.
    const double Hidden = -1e9;

    readonly Options options;
    readonly RotaryEmbedding rotary;

    [ComponentName(Name = "embeddings")]
    readonly RoFormerEmbeddings embeddings;

    [ComponentName(Name = "embeddings_project")]
    readonly Dense? projection;

    [ComponentName(Name = "encoder")]
    readonly RoFormerLayers layers;

    /// <summary>Creates an encoder with random weights in float32 on the CPU, in training mode.</summary>
    /// <param name="options">The architecture.</param>
    /// <param name="generator">Where first values and dropout masks are drawn; must outlive the encoder. Null leaves every weight matrix zero, for weights that are loaded afterwards.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public RoFormerEncoder(Options options, Generator? generator = null) : base(nameof(RoFormerEncoder))
    {
        this.options = OptionsValidator.Validate(options, "encoder.roformer.v1");
        rotary = new(options.HiddenSize / options.Heads, options.MaximumLength);
        embeddings = new(options, generator);
        var embedded = options.EmbeddingSize ?? options.HiddenSize;
        projection = embedded == options.HiddenSize ? null : new(embedded, options.HiddenSize, generator);
        layers = new(options, rotary, generator);
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

    /// <summary>A new handle to the token embedding [V, E], which a masked-language-model head shares. The handle belongs to the caller, the values to the encoder.</summary>
    public Parameter TokenWeights => embeddings.Tokens;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The sequences are longer than <see cref="MaximumLength"/>.</exception>
    public override Tensor forward(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var (hidden, bias) = Begin(input);
        foreach (var layer in layers.All)
        {
            var next = layer.call(hidden, bias);
            hidden.Dispose();
            hidden = next;
        }
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Encodes one batch and keeps what every layer gave.</summary>
    /// <returns>The embedding and then one tensor [B, T, H] per layer; the caller owns all of them.</returns>
    public IReadOnlyList<Tensor> HiddenStates(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var (hidden, bias) = Begin(input);
        List<Tensor> states = [hidden];
        foreach (var layer in layers.All) states.Add(hidden = layer.call(hidden, bias));
        return [.. states.Select(state => state.MoveToOuterDisposeScope())];
    }

    (Tensor Hidden, Tensor? Bias) Begin(EncoderInput input)
    {
        var length = input.Ids.shape[1];
        if (length > options.MaximumLength) throw Failures.SequenceTooLong(length, options.MaximumLength);
        var embedded = embeddings.call(input); // [B, T, E]
        var hidden = projection is null ? embedded : projection.call(embedded); // [B, T, H]
        return (hidden, Bias(input, hidden.dtype));
    }

    /// <summary>What is added to the attention scores, [B, 1, 1 or T, T].</summary>
    static Tensor? Bias(EncoderInput input, ScalarType dtype)
    {
        if (!input.HasPadding && input.Visible is null) return null;
        var visible = input.Mask.unsqueeze(1).unsqueeze(1); // [B, 1, 1, T]
        if (input.Visible is not null) visible = visible.logical_and(input.Visible.unsqueeze(1));
        return visible.logical_not().to(dtype).mul_(Hidden);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) rotary.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The architecture; the defaults are the released base model for Chinese characters.</summary>
    public sealed record Options : IValidatableObject, IParameterCount
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
        [Required] public string Activation { get; init; } = "gelu";

        /// <summary>The longest sequence, special tokens included.</summary>
        /// <value>The default is 512.</value>
        [Range(1, 1_000_000)] public int MaximumLength { get; init; } = 512;

        /// <summary>Number of segment ids.</summary>
        /// <value>The default is 2.</value>
        [Range(1, 1024)] public int TokenTypes { get; init; } = 2;

        /// <summary>Whether values are rotated as well as queries and keys.</summary>
        /// <value>The default is false.</value>
        public bool RotaryValue { get; init; }

        /// <summary>Added to the variance in every normalisation.</summary>
        /// <value>The default is 1e-12.</value>
        [Range(0, 1)] public double Epsilon { get; init; } = 1e-12;

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
        public decimal CountParameters()
        {
            decimal inner = IntermediateSize ?? 4m * HiddenSize;
            return ((VocabularySize + TokenTypes) * (decimal)(EmbeddingSize ?? HiddenSize)) + (Layers * HiddenSize * ((4m * HiddenSize) + (2 * inner)));
        }

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Heads > 0 && HiddenSize % (2 * Heads) != 0)
            {
                yield return new($"The field HiddenSize must be an even multiple of Heads ({Heads}), found {HiddenSize}.", [nameof(HiddenSize)]);
            }
            if (!Activations.Names.Contains(Activation))
            {
                yield return new($"The field Activation must be one of {string.Join(", ", Activations.Names)}, found '{Activation}'.", [nameof(Activation)]);
            }
        }
    }
}
