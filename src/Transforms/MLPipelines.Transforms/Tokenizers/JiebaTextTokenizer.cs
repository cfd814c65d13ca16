using System.ComponentModel.DataAnnotations;
using System.Text;
using MLPipelines.Components;

namespace MLPipelines.Tokenizers;

/// <summary>The tokenization of vocabularies of Chinese words, such as that of <c>roformer_chinese_base</c>: jieba's words, and characters or word pieces for words that are no entries.</summary>
/// <remarks>
/// <para>
/// Text is lower-cased and accents are removed as the options say; then jieba cuts it into words, without its hidden Markov model. A word that is an entry of the vocabulary is one token. Any
/// other is cut into Chinese characters, punctuation, and runs of letters and digits, and the runs into the longest known pieces. To jieba only Chinese characters, Latin letters, digits and
/// <c>+ # &amp; . _ % -</c> make words: every other character stands alone. Spaces and control characters give no token, and separate words. Text such as <c>[MASK]</c> is ordinary text.
/// </para>
/// <para>
/// Offsets are exact as those of <see cref="WordPieceTextTokenizer"/> are. The tokens are those of bert4keras, <c>Tokenizer(pre_tokenize=lambda s: jieba.cut(s, HMM=False))</c>, with which
/// these vocabularies were pretrained, but for what other implementations agree on against it: private and unassigned characters give no token (there: one unknown token), and runs of more
/// than 100 letters are unknown (there: 200). Hugging Face transformers has two tokenizers, which differ from each other and from this one: <c>RoFormerTokenizer</c> removes accents
/// after jieba has cut; <c>RoFormerTokenizerFast</c> removes control characters before, and does not cut at punctuation inside a word that jieba knows and the vocabulary does not.
/// </para>
/// Sources: https://github.com/bojone/bert4keras (tokenizers.py), https://github.com/ZhuiyiTechnology/roformer, https://github.com/fxsjy/jieba.
/// </remarks>
[PipelineComponent("tokenizer.jieba.v1", Source = "https://github.com/bojone/bert4keras", Summary = "Chinese words by jieba, with characters and word pieces for words that the vocabulary lacks, and exact character offsets")]
public sealed class JiebaTextTokenizer : IWordTokenizer
{
    const string Id = "tokenizer.jieba.v1";

    readonly Options _options;
    readonly CharacterRules _rules;
    readonly WordPieces _pieces;
    readonly JiebaDictionary _dictionary;

    /// <summary>Makes a tokenizer from the entries of a vocabulary.</summary>
    /// <param name="vocabulary">The entries; the index is the id. <c>[PAD]</c>, <c>[UNK]</c>, <c>[CLS]</c> and <c>[SEP]</c> are among them.</param>
    /// <param name="options">Further settings; null stands for the defaults.</param>
    /// <exception cref="DataFormatException">An entry is missing, empty or there twice.</exception>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    /// <exception cref="InvalidOperationException">The library was built without jieba's dictionary.</exception>
    public JiebaTextTokenizer(IReadOnlyList<string> vocabulary, Options? options = null) : this(vocabulary, options, JiebaDictionary.BuiltIn)
    {
    }

    internal JiebaTextTokenizer(IReadOnlyList<string> vocabulary, Options? options, JiebaDictionary dictionary)
    {
        var entries = VocabularyFile.Check(vocabulary, file: null);
        options = OptionsValidator.Validate(options ?? new(), Id);
        var lowerCase = options.LowerCase ?? !entries.IsCased;
        _options = options with { LowerCase = lowerCase, StripAccents = options.StripAccents ?? lowerCase };
        (Vocabulary, PadId, UnkId, ClsId, SepId, MaskId) = (entries.Entries, entries.Pad, entries.Unknown, entries.Cls, entries.Sep, entries.Mask);
        _rules = CharacterRules.For(lowerCase, _options.StripAccents.Value, splitChinese: true);
        _pieces = new(Vocabulary, UnkId, _options.MaximumWordLength);
        _dictionary = dictionary;
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

    /// <inheritdoc/>
    public TokenizedText Tokenize(string text) => Tokenize(text, words: null);

    /// <inheritdoc/>
    public TokenizedText Tokenize(string text, out int[] words)
    {
        var list = new List<int>();
        var tokens = Tokenize(text, list);
        words = [.. list];
        return tokens;
    }

    TokenizedText Tokenize(string text, List<int>? words)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = TokenBuffer.Rent();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (_rules.Kind(c))
            {
                case CharacterKind.Word or CharacterKind.Single:
                    if (_rules.Single(c) is not '\0' and var single) Append(buffer, single, i, words);
                    else Append(buffer, _rules.Normalized(c), i, i + 1, words);
                    break;
                case CharacterKind.Mark:
                    buffer.Extend(i, i + 1);
                    break;
                case CharacterKind.Surrogate when Rune.TryGetRuneAt(text, i, out var rune):
                    var (kind, normalized) = _rules.Apply(rune);
                    if (kind is CharacterKind.Space or CharacterKind.Dropped) EndBlock(buffer, words);
                    else if (kind is CharacterKind.Mark) buffer.Extend(i, i + 2);
                    else Append(buffer, normalized, i, i + 2, words);
                    i++;
                    break;
                default: // a space, a control character, half of a surrogate pair
                    EndBlock(buffer, words);
                    break;
            }
        }

        EndBlock(buffer, words);
        return buffer.ToText();
    }

    void Append(TokenBuffer buffer, char c, int index, List<int>? words)
    {
        if (MakesWords(c))
        {
            buffer.Append(c, index, index + 1);
            return;
        }

        EndBlock(buffer, words);
        buffer.Add(_pieces.OfCharacter(c), index, index + 1);
        Count(buffer, words);
    }

    /// <summary>The same for a character that becomes several, or one of two UTF-16 units.</summary>
    void Append(TokenBuffer buffer, string normalized, int start, int end, List<int>? words)
    {
        foreach (var part in normalized.EnumerateRunes())
        {
            if (part.IsBmp && MakesWords((char)part.Value))
            {
                buffer.Append((char)part.Value, start, end);
                continue;
            }

            EndBlock(buffer, words);
            foreach (var unit in part.ToString()) buffer.Append(unit, start, end);
            _pieces.Split(buffer, 0, buffer.WordLength);
            buffer.WordLength = 0;
            Count(buffer, words);
        }
    }

    /// <summary>Cuts what has been collected, a run of characters that can make words.</summary>
    void EndBlock(TokenBuffer buffer, List<int>? words)
    {
        var length = buffer.WordLength;
        if (length == 0) return;
        var (scores, ends) = buffer.Room();
        _dictionary.Cut(buffer.Word.AsSpan(0, length), scores, ends);
        for (int begin = 0, end; begin < length; begin = end)
        {
            end = ends[begin];
            // Letters and digits that are no word for themselves stay together.
            if (end == begin + 1 && char.IsAsciiLetterOrDigit(buffer.Word[begin]))
                while (end < length && ends[end] == end + 1 && char.IsAsciiLetterOrDigit(buffer.Word[end])) end++;
            AddWord(buffer, begin, end);
            Count(buffer, words);
        }

        buffer.WordLength = 0;
    }

    void AddWord(TokenBuffer buffer, int begin, int end)
    {
        var word = buffer.Word;
        if (end - begin > 1 && _pieces.TryGetWord(word.AsSpan(begin, end - begin), out var id))
        {
            buffer.Add(id, buffer.WordStarts[begin], buffer.WordEnds[end - 1]);
            return;
        }

        for (int from = begin, to; from < end; from = to)
        {
            to = from + 1;
            while (to < end && char.IsAsciiLetterOrDigit(word[from]) && char.IsAsciiLetterOrDigit(word[to])) to++;
            if (to - from > 1) _pieces.Split(buffer, from, to - from);
            else buffer.Add(_pieces.OfCharacter(word[from]), buffer.WordStarts[from], buffer.WordEnds[from]);
        }
    }

    /// <summary>Gives the tokens that were added since the last call to the next word.</summary>
    static void Count(TokenBuffer buffer, List<int>? words)
    {
        if (words is null) return;
        var word = words.Count == 0 ? 0 : words[^1] + 1;
        while (words.Count < buffer.Count) words.Add(word);
    }

    // What jieba calls "han", re_han_default.
    static bool MakesWords(char c) => c is (>= '\u4E00' and <= '\u9FD5') or '+' or '#' or '&' or '.' or '_' or '%' or '-' || char.IsAsciiLetterOrDigit(c);

    /// <summary>Settings of the tokenizer; what was detected is saved with a model.</summary>
    public sealed record Options
    {
        /// <summary>Whether text is lower-cased; null looks at the vocabulary: cased if any entry outside brackets has a capital letter.</summary>
        /// <value>The default is null.</value>
        public bool? LowerCase { get; init; }

        /// <summary>Whether accents and other combining marks are removed; null does what <see cref="LowerCase"/> does.</summary>
        /// <value>The default is null.</value>
        public bool? StripAccents { get; init; }

        /// <summary>Runs of letters and digits with more characters than this are unknown.</summary>
        /// <value>The default is 100.</value>
        [Range(1, 10_000)] public int MaximumWordLength { get; init; } = 100;
    }
}
