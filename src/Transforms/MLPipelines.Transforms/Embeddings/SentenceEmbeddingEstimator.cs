using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Scoring;

namespace MLPipelines.Embeddings;

/// <summary>Turns texts into vectors with an encoder.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>in: Text</term><description>text; an empty one is what the encoder makes of [CLS] [SEP]</description></item>
/// <item><term>out: Vector</term><description>vector of Single, as long as the encoder is wide</description></item>
/// </list>
/// <para>
/// Fit reads no rows. A cursor over the result reads up to <see cref="Options.LookAhead"/> rows ahead and encodes rows of similar length together; memory does not depend
/// on the number of rows. A text that is longer than <see cref="Options.MaximumLength"/> is read in overlapping windows, whose vectors are averaged with their numbers of
/// tokens as weights; normalisation comes last. Safe for concurrent use.
/// </para>
/// The poolings are those of https://kexue.fm/archives/8321; see <see cref="SentencePooling"/>. Source: https://arxiv.org/abs/2103.15316.
/// </remarks>
/// <example><code>
/// var pipeline = mlContext.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.FromCheckpoint("roformer-chinese-base"));
/// </code></example>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2103.15316", Summary = "Sentence vectors from an encoder: cls, pooler, last average, first-last average or max pooling")]
public sealed class SentenceEmbeddingEstimator : IEstimator<BatchedTransformer<SentenceRow>>, IPackageLoader
{
    internal const string Id = "transform.sentence-embedding.v1";

    readonly IHostEnvironment _environment;
    readonly SentenceEncoder _encoder;
    readonly Options _options;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="encoder">Where the encoder comes from.</param>
    /// <param name="options">Columns and settings; <see cref="Options.Encoder"/> does not count. Null stands for the defaults.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public SentenceEmbeddingEstimator(IHostEnvironment environment, SentenceEncoder encoder, Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(encoder);
        (_environment, _encoder, _options) = (environment, encoder, OptionsValidator.Validate(options ?? new(), Id) with { Encoder = new() });
    }

    /// <summary>Makes the estimator with the encoder that the options describe.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns, settings and encoder.</param>
    /// <exception cref="ArgumentException">Options are out of range, or describe no encoder.</exception>
    public SentenceEmbeddingEstimator(IHostEnvironment environment, Options options) : this(environment, SentenceEncoder.FromOptions(OptionsValidator.Validate(options, Id).Encoder), options)
    {
    }

    /// <inheritdoc/>
    // A promise says "a vector of known size"; which size is known when the encoder is.
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => SentenceEmbeddingScorer.ContractOf(_options, size: 1).GetOutputSchema(inputSchema);

    /// <summary>Makes the encoder and the transformer that owns it; reads no rows.</summary>
    /// <param name="input">Data with the text column; only its schema is looked at.</param>
    /// <returns>The transformer. It owns native memory: dispose it when it is no longer needed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The text column is missing or is not text.</exception>
    /// <exception cref="ArgumentException">The encoder cannot do what the options ask for.</exception>
    /// <exception cref="InvalidOperationException">The device is not there.</exception>
    public BatchedTransformer<SentenceRow> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SentenceEmbeddingScorer.ContractOf(_options, size: 1).Check(input.Schema);
        var parts = _encoder.Create(_environment, withPooler: _options.Pooling is SentencePooling.Pooler);
        try
        {
            return new(new SentenceEmbeddingScorer(parts.Tokenizer, new(parts.Encoder, _options.Pooling, parts.Pooler), _options));
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.ComponentId != Id) throw Failures.OtherComponent(Id, package.ComponentId);
        try
        {
            return new BatchedTransformer<SentenceRow>(SentenceEmbeddingScorer.Read(package));
        }
        catch (Exception exception) when (exception is ArgumentException or DataFormatException or JsonException)
        {
            throw Failures.PartCannotBeMade(typeof(SentenceEmbeddingEstimator), exception);
        }
    }

    /// <summary>Columns and settings; saved in the model.</summary>
    public sealed record Options : IValidatableObject
    {
        /// <summary>The column with the text.</summary>
        /// <value>The default is <c>Text</c>.</value>
        [Required] public string InputColumn { get; init; } = "Text";

        /// <summary>The output column with the vector.</summary>
        /// <value>The default is <c>Vector</c>.</value>
        [Required] public string OutputColumn { get; init; } = "Vector";

        /// <summary>Where the encoder comes from. Not saved in a model, which has its encoder.</summary>
        /// <value>The default describes none, for constructors that are given one.</value>
        [Required] public SentenceEncoder.Options Encoder { get; init; } = new();

        /// <summary>How the vectors of a sentence's tokens become one.</summary>
        /// <value>The default is <see cref="SentencePooling.FirstLastAverage"/>.</value>
        [EnumDataType(typeof(SentencePooling))] public SentencePooling Pooling { get; init; } = SentencePooling.FirstLastAverage;

        /// <summary>Whether vectors are divided by their Euclidean length, so that an inner product is a cosine.</summary>
        /// <value>The default is false, as whitening needs it.</value>
        public bool Normalize { get; init; }

        /// <summary>The longest sequence that the encoder reads at once, in tokens, special tokens included; null is what the encoder accepts. Longer texts are read in overlapping windows, never cut off.</summary>
        /// <value>The default is null.</value>
        [Range(3, 1_000_000), OptionAlias("max-length")] public int? MaximumLength { get; init; }

        /// <summary>How many tokens neighbouring windows of a long text share; at most half a window is used.</summary>
        /// <value>The default is 64.</value>
        [Range(0, 1_000_000), OptionAlias("overlap")] public int WindowOverlap { get; init; } = 64;

        /// <summary>The number format of the encoder. Vectors are always delivered as Single.</summary>
        /// <value>The default is <see cref="EmbeddingPrecision.Float32"/>.</value>
        [EnumDataType(typeof(EmbeddingPrecision)), OptionAlias("dtype")] public EmbeddingPrecision Precision { get; init; }

        /// <summary>Where to compute: <c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. A model that is loaded where there is no such GPU takes <c>auto</c>.</summary>
        /// <value>The default is <c>auto</c>.</value>
        [Required] public string Device { get; init; } = "auto";

        /// <summary>The largest number of sequences in one forward pass. A GPU is faster with 256 or more.</summary>
        /// <value>The default is 64.</value>
        [Range(1, 65536), OptionAlias("batch")] public int BatchSize { get; init; } = 64;

        /// <summary>The largest number of tokens, padding included, in one forward pass, which bounds its memory; one sequence always fits.</summary>
        /// <value>The default is 8192.</value>
        [Range(1, int.MaxValue)] public int BatchTokens { get; init; } = 8192;

        /// <summary>How many rows a cursor may read ahead to batch rows of similar length.</summary>
        /// <value>The default is 1024.</value>
        [Range(1, 1_000_000)] public int LookAhead { get; init; } = 1024;

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (!ComputeDevice.IsKnown(Device)) yield return new($"The field Device must be auto, cpu, cuda or cuda:N, found '{Device}'.", [nameof(Device)]);
        }
    }
}
