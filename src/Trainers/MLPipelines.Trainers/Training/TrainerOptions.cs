using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;

namespace MLPipelines.Trainers.Training;

/// <summary>The settings that all trainers share: text, vocabulary, encoder, training. A trainer's own options derive from it.</summary>
/// <remarks>Immutable; Fit never writes to it. What cannot be written down as a value (data, callbacks, tokens) is left out of JSON.</remarks>
public abstract partial record TrainerOptions
{
    /// <summary>The column with the text.</summary>
    /// <value>The default is <c>Text</c>.</value>
    [Required]
    public string TextColumn { get; init; } = "Text";

    /// <summary>
    /// A directory with a pretrained encoder (<c>config.json</c>, <c>vocab.txt</c>, <c>model.safetensors</c> or <c>pytorch_model.bin</c>), as it is published or as <c>mlp pretrain</c> makes it.
    /// It brings its vocabulary, architecture and size with it. Null starts from random weights.
    /// </summary>
    /// <value>The default is null.</value>
    public string? Encoder { get; init; }

    /// <summary>The family of encoders to start from random weights, a component of the kind <c>encoder</c>; its options go beyond what <see cref="Size"/> and the settings below say.</summary>
    /// <value>The default is <c>roformer</c>.</value>
    [Required]
    public ComponentReference Architecture { get; init; } = "roformer";

    /// <summary>
    /// How text is cut into tokens: a component of the kind <c>tokenizer</c>, for a pretrained encoder too. Null leaves the choice to the encoder or the vocabulary: words by jieba
    /// where the vocabulary holds Chinese words (<c>jieba</c>), WordPiece otherwise (<c>wordpiece</c>).
    /// </summary>
    /// <value>The default is null.</value>
    public ComponentReference? Tokenizer { get; init; }

    /// <summary>The vocabulary file, one token a line. Without one, and without <see cref="Vocabulary"/>, a vocabulary is built from the training texts.</summary>
    /// <value>The default is null.</value>
    [OptionAlias("vocab")]
    public string? VocabularyPath { get; init; }

    /// <summary>The vocabulary itself, in the order of its ids, instead of a file.</summary>
    /// <value>The default is null.</value>
    public IReadOnlyList<string>? Vocabulary { get; init; }

    /// <summary>
    /// The number of entries of a vocabulary that is built from the training texts; their characters are all in it even if they are more. Few entries cut rare words into frequent
    /// pieces, of which a few thousand rows teach more: 500 to 2000 are better there than whole words.
    /// </summary>
    /// <value>The default is 20000.</value>
    [Range(5, 10_000_000)]
    public int VocabularySize { get; init; } = DefaultVocabularySize;

    const int DefaultVocabularySize = 20_000;

    /// <summary>
    /// Whether text is lower-cased, and accents removed, before it is cut into tokens; null looks at the vocabulary: cased if any entry has a capital letter.
    /// A vocabulary built from the training texts is lower-cased then. Offsets always refer to the original text.
    /// </summary>
    /// <value>The default is null.</value>
    public bool? LowerCase { get; init; }

    /// <summary>The size of the encoder: tiny has 2 layers of width 128, small 4 of 256, base 12 of 768, with a head for each 64. The three settings below override its parts.</summary>
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

    /// <summary>The probability of dropping an element in training, in [0, 1); for a pretrained encoder too.</summary>
    /// <value>The default is 0.1.</value>
    [Range(0, 0.999)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>The longest sequence that the encoder reads at once, in tokens, special tokens included, at least 8. Longer texts are read in overlapping windows, never cut off; longer pairs of texts are shortened.</summary>
    /// <value>The default is 256.</value>
    [Range(8, 100_000), OptionAlias("max-length")]
    public int MaximumLength { get; init; } = 256;

    /// <summary>Tokens that two neighbouring windows of a long text share, less than half of <see cref="MaximumLength"/>.</summary>
    /// <value>The default is 64.</value>
    [Range(0, 100_000), OptionAlias("overlap")]
    public int WindowOverlap { get; init; } = 64;

    /// <summary>The shape of an encoder with random weights.</summary>
    /// <param name="vocabularySize">The number of tokens.</param>
    internal EncoderShape Shape(int vocabularySize)
    {
        var shape = Size.Shape(vocabularySize, MaximumLength, Dropout);
        return shape with { Layers = Layers ?? shape.Layers, HiddenSize = HiddenSize ?? shape.HiddenSize, Heads = Heads ?? shape.Heads };
    }

    /// <summary>The tokenizer that these settings describe, where no pretrained encoder brings its own.</summary>
    /// <param name="texts">The training texts; read only when there is no vocabulary.</param>
    /// <exception cref="DataFormatException">The vocabulary is not valid.</exception>
    /// <exception cref="IOException">The vocabulary file cannot be read.</exception>
    public ITextTokenizer CreateTokenizer(IEnumerable<string> texts)
    {
        if (VocabularyPath is not null) return TextTokenizers.FromFile(VocabularyPath, Tokenizer, LowerCase);
        if (Vocabulary is not null) return TextTokenizers.FromVocabulary(Vocabulary, Tokenizer, LowerCase);
        var built = WordPieceTextTokenizer.BuildFrom(texts, new() { LowerCase = LowerCase ?? true }, new() { Size = VocabularySize });
        return Tokenizer is null ? built : TextTokenizers.FromVocabulary(built.Vocabulary, Tokenizer, LowerCase ?? true);
    }

    /// <summary>What contradicts each other among the shared settings.</summary>
    internal IEnumerable<ValidationResult> Contradictions()
    {
        if (2 * WindowOverlap >= MaximumLength) yield return new($"The field WindowOverlap must be less than half of MaximumLength ({MaximumLength}), found {WindowOverlap}.", [nameof(WindowOverlap)]);
        if (VocabularyPath is not null && Vocabulary is not null) yield return new("Give one of VocabularyPath and Vocabulary, or neither to build one from the training texts.", [nameof(Vocabulary)]);
        if (VocabularySize != DefaultVocabularySize && (VocabularyPath ?? (object?)Vocabulary) is not null)
            yield return new("The field VocabularySize is for a vocabulary that is built from the training texts; leave it out where one is given.", [nameof(VocabularySize)]);
        if (Resume && CheckpointDirectory is null) yield return new("Give CheckpointDirectory, where the interrupted run left its state.", [nameof(Resume)]);
        (string, bool)[] ofEncoder =
        [
            (nameof(Architecture), Architecture != "roformer"), (nameof(Size), Size != EncoderSize.Small), (nameof(VocabularyPath), VocabularyPath is not null),
            (nameof(Vocabulary), Vocabulary is not null), (nameof(VocabularySize), VocabularySize != DefaultVocabularySize), (nameof(Layers), Layers is not null), (nameof(HiddenSize), HiddenSize is not null), (nameof(Heads), Heads is not null),
        ];
        foreach (var (name, isGiven) in ofEncoder)
        {
            if (Encoder is not null && isGiven) yield return new($"The pretrained encoder has its own {name}; leave it out, or leave out Encoder to start from random weights.", [name]);
        }
    }
}
