using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;

namespace MLPipelines.Trainers.Training;

/// <summary>The settings that all trainers share: text, vocabulary, encoder, training. A trainer's own options derive from it.</summary>
/// <remarks>Immutable; Fit never writes to it. What cannot be written down as a value (data, callbacks, tokens) is left out of JSON.</remarks>
public abstract record TrainerOptions
{
    /// <summary>The column with the text.</summary>
    /// <value>The default is <c>Text</c>.</value>
    [Required]
    public string TextColumn { get; init; } = "Text";

    /// <summary>The vocabulary file of a WordPiece tokenizer, one token a line. Without one, and without <see cref="Vocabulary"/>, a vocabulary is built from the training texts.</summary>
    /// <value>The default is null.</value>
    [OptionAlias("vocab")]
    public string? VocabularyPath { get; init; }

    /// <summary>The vocabulary of a WordPiece tokenizer itself, in the order of its ids, instead of a file.</summary>
    /// <value>The default is null.</value>
    public IReadOnlyList<string>? Vocabulary { get; init; }

    /// <summary>
    /// Whether text is lower-cased, and accents removed, before it is cut into tokens; null looks at the vocabulary: cased if any entry has a capital letter.
    /// A vocabulary built from the training texts is lower-cased then. Offsets always refer to the original text.
    /// </summary>
    /// <value>The default is null.</value>
    public bool? LowerCase { get; init; }

    /// <summary>The size of the encoder; the three settings below override its parts.</summary>
    /// <value>The default is <see cref="EncoderSize.Small"/>.</value>
    [EnumDataType(typeof(EncoderSize))]
    public EncoderSize Size { get; init; } = EncoderSize.Small;

    /// <summary>The number of encoder layers, at least 1; null takes it from <see cref="Size"/>.</summary>
    /// <value>The default is null.</value>
    [Range(1, 1000)]
    public int? Layers { get; init; }

    /// <summary>The width of the encoder, an even multiple of the number of heads; null takes it from <see cref="Size"/>.</summary>
    /// <value>The default is null.</value>
    [Range(2, 65536), OptionAlias("hidden")]
    public int? HiddenSize { get; init; }

    /// <summary>The number of attention heads, at least 1; null takes it from <see cref="Size"/>.</summary>
    /// <value>The default is null.</value>
    [Range(1, 1024)]
    public int? Heads { get; init; }

    /// <summary>The probability of dropping an element in training, in [0, 1).</summary>
    /// <value>The default is 0.1.</value>
    [Range(0, 0.999)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>The longest sequence that the encoder reads at once, in tokens, special tokens included, at least 8. Longer texts are read in overlapping windows, never cut off.</summary>
    /// <value>The default is 256.</value>
    [Range(8, 100_000), OptionAlias("max-length")]
    public int MaximumLength { get; init; } = 256;

    /// <summary>Tokens that two neighbouring windows of a long text share, less than half of <see cref="MaximumLength"/>.</summary>
    /// <value>The default is 64.</value>
    [Range(0, 100_000), OptionAlias("overlap")]
    public int WindowOverlap { get; init; } = 64;

    /// <summary>Passes over the training data, at least 1.</summary>
    /// <value>The default is 10.</value>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 10;

    /// <summary>Examples in a batch, at least 1.</summary>
    /// <value>The default is 32.</value>
    [Range(1, 100_000), OptionAlias("batch")]
    public int BatchSize { get; init; } = 32;

    /// <summary>The peak learning rate, above 0. Random initial weights take about 5e-4, pretrained ones about 2e-5.</summary>
    /// <value>The default is 5e-4.</value>
    [Range(0.0, 10.0, MinimumIsExclusive = true), OptionAlias("lr")]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Decoupled weight decay of matrices, at least 0; biases and norms never decay.</summary>
    /// <value>The default is 0.01.</value>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The part of all steps in which the learning rate rises, in [0, 1]; then it falls linearly.</summary>
    /// <value>The default is 0.1.</value>
    [Range(0.0, 1.0), OptionAlias("warmup")]
    public double WarmUpRatio { get; init; } = 0.1;

    /// <summary>The largest global norm of the gradients of a step, at least 0; larger ones are scaled down. 0 = no limit.</summary>
    /// <value>The default is 1.</value>
    [Range(0.0, 1e9)]
    public double MaximumGradientNorm { get; init; } = 1;

    /// <summary>Epochs without a better result on the validation data after which training stops; 0 = never.</summary>
    /// <value>The default is 0.</value>
    [Range(0, 100_000)]
    public int Patience { get; init; }

    /// <summary>The part of the training rows that is set aside at random for validation when no validation data are given, in [0, 0.9]; 0 = none.</summary>
    /// <value>The default is 0.</value>
    [Range(0.0, 0.9)]
    public double ValidationFraction { get; init; }

    /// <summary>The seed of everything random. The same seed on the same processor gives the same model. Null takes the context's seed, or a random one where it has none.</summary>
    /// <value>The default is null.</value>
    public int? Seed { get; init; }

    /// <summary>Where to compute: <c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value>The default is <c>auto</c>.</value>
    [Required]
    public string Device { get; init; } = "auto";

    /// <summary>Threads for computing on the processor while training, at least 1; null = one for each processor.</summary>
    /// <value>The default is null.</value>
    [Range(1, 4096)]
    public int? Threads { get; init; }

    /// <summary>What a cancelled Fit does: throw, or give the best model so far.</summary>
    /// <value>The default is <see cref="CancellationBehavior.Throw"/>.</value>
    [EnumDataType(typeof(CancellationBehavior))]
    public CancellationBehavior OnCancellation { get; init; } = CancellationBehavior.Throw;

    /// <summary>Cancels Fit; checked for every row read and before every step.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Rows for validation after each epoch, with the columns of the training data. They decide which epoch's weights are kept.</summary>
    /// <value>The default is null.</value>
    [JsonIgnore]
    public IDataView? ValidationData { get; init; }

    /// <summary>Called after every step and every epoch, on the thread that calls Fit.</summary>
    /// <value>The default is null.</value>
    [JsonIgnore]
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Called once at the end of Fit, before it returns, with what happened.</summary>
    /// <value>The default is null.</value>
    [JsonIgnore]
    public Action<TrainingReport>? Completed { get; init; }

    /// <summary>The architecture that these settings describe.</summary>
    /// <param name="vocabularySize">The number of tokens.</param>
    internal RoFormerEncoder.Options Encoder(int vocabularySize)
    {
        var (layers, hidden, heads) = Size switch { EncoderSize.Tiny => (2, 128, 2), EncoderSize.Base => (12, 768, 12), _ => (4, 256, 4) };
        return new RoFormerEncoder.Options
        {
            VocabularySize = vocabularySize,
            Layers = Layers ?? layers,
            HiddenSize = HiddenSize ?? hidden,
            Heads = Heads ?? heads,
            MaximumLength = MaximumLength,
            Dropout = Dropout,
            AttentionDropout = Dropout,
        };
    }

    /// <summary>The tokenizer that these settings describe.</summary>
    /// <param name="texts">The training texts; read only when there is no vocabulary.</param>
    internal ITextTokenizer CreateTokenizer(IEnumerable<string> texts)
    {
        if (VocabularyPath is not null) return WordPieceTextTokenizer.FromFile(VocabularyPath, new() { LowerCase = LowerCase });
        return Vocabulary is not null
            ? WordPieceTextTokenizer.FromVocabulary(Vocabulary, new() { LowerCase = LowerCase })
            : WordPieceTextTokenizer.BuildFrom(texts, new() { LowerCase = LowerCase ?? true });
    }

    /// <summary>The loop that these settings describe.</summary>
    internal TrainingLoop.Options Loop => new(Epochs, BatchSize, LearningRate, WeightDecay, Patience, OnCancellation);
}
