using System.Buffers;
using System.Text;

namespace Microsoft.ML.Tokenizers;

public class WordPieceTokenizer : Tokenizer
{
    private readonly Vocabulary vocabulary;
    private readonly HashSet<int> specialIds;

    internal WordPieceTokenizer(Vocabulary vocabulary, WordPieceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.UnknownToken);
        ArgumentNullException.ThrowIfNull(options.ContinuingSubwordPrefix);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxInputCharsPerWord);
        if (!vocabulary.TryGetId(options.UnknownToken, out int unknownId))
            throw new ArgumentException($"The unknown token '{options.UnknownToken}' is not in the vocabulary.");

        this.vocabulary = vocabulary;
        UnknownToken = options.UnknownToken;
        UnknownTokenId = unknownId;
        ContinuingSubwordPrefix = options.ContinuingSubwordPrefix;
        MaxInputCharsPerWord = options.MaxInputCharsPerWord;
        SpecialTokens = options.SpecialTokens;
        specialIds = [.. SpecialTokens?.Values ?? []];
        Normalizer = options.Normalizer;
        PreTokenizer = options.PreTokenizer ?? PreTokenizer.CreateWhiteSpace(options.SpecialTokens);
    }

    public override PreTokenizer? PreTokenizer { get; }

    public override Normalizer? Normalizer { get; }

    public string UnknownToken { get; }

    public int UnknownTokenId { get; }

    public string ContinuingSubwordPrefix { get; }

    public int MaxInputCharsPerWord { get; }

    public IReadOnlyDictionary<string, int>? SpecialTokens { get; }

    public static WordPieceTokenizer Create(string vocabFilePath, WordPieceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabFilePath);
        using FileStream stream = File.OpenRead(vocabFilePath);
        return Create(stream, options);
    }

    public static WordPieceTokenizer Create(Stream vocabStream, WordPieceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(vocabStream);
        return new WordPieceTokenizer(Vocabulary.Read(vocabStream), options ?? new WordPieceOptions());
    }

    public override string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecialTokens: false);

    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new StringBuilder();
        bool first = true;
        foreach (int id in ids)
        {
            if (skipSpecialTokens && specialIds.Contains(id))
                continue;

            if (vocabulary.TryGetToken(id, out string? token))
            {
                bool attached = first || token[0] is '.' or ',' or '!' or '?' or '\'';
                text.Append(Spelling(token, attached));
            }

            first = false;
        }

        return text.ToString();
    }

    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) =>
        Decode(ids, destination, skipSpecialTokens: false, out idsConsumed, out charsWritten);

    public OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, bool skipSpecialTokens, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        idsConsumed = 0;
        charsWritten = 0;
        foreach (int id in ids)
        {
            if (skipSpecialTokens && specialIds.Contains(id))
                continue;

            if (!vocabulary.TryGetToken(id, out string? token))
                return OperationStatus.InvalidData;

            string spelling = Spelling(token, attached: idsConsumed == 0);
            if (!spelling.TryCopyTo(destination[charsWritten..]))
                return OperationStatus.DestinationTooSmall;

            charsWritten += spelling.Length;
            idsConsumed++;
        }

        return OperationStatus.Done;
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (string.IsNullOrEmpty(text) && textSpan.IsEmpty)
            return new EncodeResults<EncodedToken> { Tokens = [] };

        string? normalized = !settings.ConsiderNormalization || Normalizer is null ? null : Normalizer.Normalize(text ?? textSpan.ToString());
        text = normalized ?? text;
        ReadOnlySpan<char> source = text is null ? textSpan : text;
        var tokens = new List<EncodedToken>();
        if (settings.ConsiderPreTokenization && PreTokenizer is not null)
        {
            foreach ((int offset, int length) in text is null ? PreTokenizer.PreTokenize(source) : PreTokenizer.PreTokenize(text))
                AddWord(source.Slice(offset, length), offset, tokens);
        }
        else
        {
            AddWord(source, 0, tokens);
        }

        return new EncodeResults<EncodedToken> { Tokens = tokens, NormalizedText = normalized, CharsConsumed = source.Length };
    }

    /// <summary>Longest piece first; a word with a part that no piece covers is one unknown token.</summary>
    private void AddWord(ReadOnlySpan<char> word, int offset, List<EncodedToken> tokens)
    {
        int before = tokens.Count;
        int prefix = ContinuingSubwordPrefix.Length;
        bool known = word.Length <= MaxInputCharsPerWord;
        if (known)
        {
            // The word stands behind the prefix, so that a later piece needs no copy of its own: the prefix is written over what precedes it.
            Span<char> buffer = prefix + word.Length <= 256 ? stackalloc char[prefix + word.Length] : new char[prefix + word.Length];
            word.CopyTo(buffer[prefix..]);
            for (int start = 0; known && start < word.Length;)
            {
                if (start > 0)
                    ContinuingSubwordPrefix.CopyTo(buffer[start..]);

                known = TryMatch(start > 0 ? buffer[start..] : buffer[prefix..], start > 0 ? prefix : 0, out int id, out int length);
                if (known)
                    tokens.Add(new EncodedToken(id, Token(id), new Range(offset + start, offset + start + length)));

                start += length;
            }
        }

        if (!known)
        {
            tokens.RemoveRange(before, tokens.Count - before);
            tokens.Add(new EncodedToken(UnknownTokenId, UnknownToken, new Range(offset, offset + word.Length)));
        }
    }

    private bool TryMatch(ReadOnlySpan<char> text, int prefix, out int id, out int length)
    {
        for (length = text.Length - prefix; length > 0; length--)
        {
            if (vocabulary.TryGetId(text[..(prefix + length)], out id))
                return true;
        }

        id = UnknownTokenId;
        return false;
    }

    private string Token(int id) => vocabulary.TryGetToken(id, out string? token) ? token : UnknownToken;

    private string Spelling(string token, bool attached) =>
        token.StartsWith(ContinuingSubwordPrefix, StringComparison.Ordinal) ? token[ContinuingSubwordPrefix.Length..] : attached ? token : " " + token;
}
