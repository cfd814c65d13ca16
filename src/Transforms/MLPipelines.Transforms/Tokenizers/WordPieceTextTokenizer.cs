using System.ComponentModel.DataAnnotations;
using System.Text;
using MLPipelines.Components;

namespace MLPipelines.Tokenizers;

/// <summary>BERT's tokenization: split at spaces, punctuation and Chinese characters, then cut words into the longest known pieces.</summary>
/// <remarks>
/// Characters are lower-cased, accents stripped and control characters removed as the options say, while the place of each in the
/// original text is kept; so offsets are exact for every input, also where a character changes its length. A removed combining mark
/// belongs to the character before it. A word that the vocabulary cannot express, or that is too long, is one unknown token over the whole word.
/// Text such as <c>[MASK]</c> is ordinary text.
/// Sources: https://arxiv.org/abs/1810.04805, https://github.com/google-research/bert (tokenization.py).
/// </remarks>
[PipelineComponent("tokenizer.wordpiece.v1", Source = "https://arxiv.org/abs/1810.04805", Summary = "BERT basic tokenization and WordPiece with exact character offsets")]
public sealed class WordPieceTextTokenizer : ITextTokenizer
{
    readonly Options _options;
    readonly CharacterRules _rules;
    readonly WordPieces _pieces;

    /// <summary>Makes a tokenizer from the entries of a vocabulary.</summary>
    /// <param name="vocabulary">The entries; the index is the id. <c>[PAD]</c>, <c>[UNK]</c>, <c>[CLS]</c> and <c>[SEP]</c> are among them.</param>
    /// <param name="options">Further settings; null stands for the defaults.</param>
    /// <exception cref="DataFormatException">An entry is missing, empty or there twice.</exception>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public WordPieceTextTokenizer(IReadOnlyList<string> vocabulary, Options? options = null) : this(VocabularyFile.Check(vocabulary, file: null), options)
    {
    }

    WordPieceTextTokenizer(VocabularyFile vocabulary, Options? options)
    {
        options = OptionsValidator.Validate(options ?? new(), "tokenizer.wordpiece.v1");
        var lowerCase = options.LowerCase ?? !vocabulary.IsCased;
        _options = options with { LowerCase = lowerCase, StripAccents = options.StripAccents ?? lowerCase };
        (Vocabulary, PadId, UnkId, ClsId, SepId, MaskId) = (vocabulary.Entries, vocabulary.Pad, vocabulary.Unknown, vocabulary.Cls, vocabulary.Sep, vocabulary.Mask);
        _rules = RulesOf(_options);
        _pieces = new(Vocabulary, UnkId, _options.MaximumWordLength);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <inheritdoc/>
    public int ClsId { get; }

    /// <inheritdoc/>
    public int SepId { get; }

    /// <inheritdoc/>
    public int PadId { get; }

    /// <inheritdoc/>
    public int UnkId { get; }

    /// <inheritdoc/>
    public int MaskId { get; }

    /// <summary>The settings in use, with what was detected from the vocabulary filled in.</summary>
    public Options Settings => _options;

    object ITextTokenizer.Settings => _options;

    /// <summary>Reads a vocabulary file: UTF-8, one entry a line, the first line has id 0.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Further settings; null stands for the defaults.</param>
    /// <exception cref="DataFormatException">An entry is missing, empty or there twice; the message names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WordPieceTextTokenizer FromFile(string path, Options? options = null) => new(VocabularyFile.Read(path), options);

    /// <summary>Makes a tokenizer from the lines of a vocabulary, as the constructor does.</summary>
    /// <param name="lines">The entries; the index is the id.</param>
    /// <param name="options">Further settings; null stands for the defaults.</param>
    /// <exception cref="DataFormatException">An entry is missing, empty or there twice.</exception>
    public static WordPieceTextTokenizer FromVocabulary(IEnumerable<string> lines, Options? options = null) => new([.. lines], options);

    /// <summary>Builds a vocabulary from texts (see <see cref="VocabularyBuilder"/>) and makes a tokenizer from it.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Further settings; null stands for the defaults, with lower-casing.</param>
    /// <param name="building">How the vocabulary is built; null stands for the defaults.</param>
    public static WordPieceTextTokenizer BuildFrom(IEnumerable<string> texts, Options? options = null, VocabularyBuilder.Options? building = null)
    {
        options = (options ?? new()) with { LowerCase = options?.LowerCase ?? true };
        return new(VocabularyBuilder.Build(texts, options, building), options);
    }

    /// <inheritdoc/>
    public TokenizedText Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = TokenBuffer.Rent();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (_rules.Kind(c))
            {
                case CharacterKind.Word:
                    Append(buffer, c, i);
                    break;
                case CharacterKind.Single:
                    EndWord(buffer);
                    Append(buffer, c, i);
                    EndWord(buffer);
                    break;
                case CharacterKind.Space:
                    EndWord(buffer);
                    break;
                case CharacterKind.Mark:
                    buffer.Extend(i, i + 1);
                    break;
                case CharacterKind.Surrogate:
                    i += Supplementary(buffer, text, i);
                    break;
            }
        }

        EndWord(buffer);
        return buffer.ToText();
    }

    /// <summary>The normalised words of a text, as the vocabulary builder counts them.</summary>
    internal static IEnumerable<string> Words(string text, Options options)
    {
        var rules = RulesOf(options);
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var (kind, normalized) = rules.Apply(rune);
            if (kind is CharacterKind.Dropped or CharacterKind.Mark) continue;
            if (kind is not CharacterKind.Word && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (kind is CharacterKind.Word) word.Append(normalized);
            if (kind is CharacterKind.Single) yield return normalized;
        }

        if (word.Length > 0) yield return word.ToString();
    }

    static CharacterRules RulesOf(Options options)
    {
        var lowerCase = options.LowerCase ?? true;
        return CharacterRules.For(lowerCase, options.StripAccents ?? lowerCase, options.SplitChineseCharacters);
    }

    void Append(TokenBuffer buffer, char c, int index)
    {
        var single = _rules.Single(c);
        if (single != '\0')
        {
            buffer.Append(single, index, index + 1);
            return;
        }

        foreach (var part in _rules.Normalized(c)) buffer.Append(part, index, index + 1);
    }

    /// <summary>Handles a surrogate and returns how many further units it used.</summary>
    int Supplementary(TokenBuffer buffer, string text, int index)
    {
        if (!Rune.TryGetRuneAt(text, index, out var rune)) return 0; // unpaired: no text, dropped
        var (kind, normalized) = _rules.Apply(rune);
        if (kind is CharacterKind.Single or CharacterKind.Space) EndWord(buffer);
        if (kind is CharacterKind.Mark) buffer.Extend(index, index + 2);
        foreach (var part in normalized) buffer.Append(part, index, index + 2);
        if (kind is CharacterKind.Single) EndWord(buffer);
        return 1;
    }

    void EndWord(TokenBuffer buffer)
    {
        if (buffer.WordLength == 1) buffer.Add(_pieces.OfCharacter(buffer.Word[0]), buffer.WordStarts[0], buffer.WordEnds[0]);
        else if (buffer.WordLength > 1) _pieces.Split(buffer, 0, buffer.WordLength);
        buffer.WordLength = 0;
    }

    /// <summary>Settings of the tokenizer; what was detected is saved with a model.</summary>
    public sealed record Options
    {
        /// <summary>Whether text is lower-cased; null looks at the vocabulary: cased if any entry outside brackets has a capital letter.</summary>
        /// <value>The default is null.</value>
        public bool? LowerCase { get; init; }

        /// <summary>Whether accents and other combining marks are removed; null does what <see cref="LowerCase"/> does.</summary>
        /// <value>The default is null.</value>
        public bool? StripAccents { get; init; }

        /// <summary>Whether every Chinese character is a word of its own. Word-based vocabularies need false.</summary>
        /// <value>The default is true.</value>
        public bool SplitChineseCharacters { get; init; } = true;

        /// <summary>Words with more characters than this are unknown.</summary>
        /// <value>The default is 100.</value>
        [Range(1, 10_000)] public int MaximumWordLength { get; init; } = 100;
    }
}
