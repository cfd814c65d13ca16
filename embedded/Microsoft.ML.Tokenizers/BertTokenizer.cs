namespace Microsoft.ML.Tokenizers;

public sealed class BertTokenizer : WordPieceTokenizer
{
    private BertTokenizer(Vocabulary vocabulary, BertOptions options)
        : base(vocabulary, WithBertDefaults(vocabulary, options))
    {
        LowerCaseBeforeTokenization = options.LowerCaseBeforeTokenization;
        ApplyBasicTokenization = options.ApplyBasicTokenization;
        SplitOnSpecialTokens = options.SplitOnSpecialTokens;
        IndividuallyTokenizeCjk = options.IndividuallyTokenizeCjk;
        RemoveNonSpacingMarks = options.RemoveNonSpacingMarks;
        SeparatorToken = options.SeparatorToken;
        SeparatorTokenId = vocabulary[options.SeparatorToken];
        PaddingToken = options.PaddingToken;
        PaddingTokenId = vocabulary[options.PaddingToken];
        ClassificationToken = options.ClassificationToken;
        ClassificationTokenId = vocabulary[options.ClassificationToken];
        MaskingToken = options.MaskingToken;
        MaskingTokenId = vocabulary[options.MaskingToken];
    }

    public bool LowerCaseBeforeTokenization { get; }

    public bool ApplyBasicTokenization { get; }

    public bool SplitOnSpecialTokens { get; }

    public bool IndividuallyTokenizeCjk { get; }

    public bool RemoveNonSpacingMarks { get; }

    public string SeparatorToken { get; }

    public int SeparatorTokenId { get; }

    public string PaddingToken { get; }

    public int PaddingTokenId { get; }

    public string ClassificationToken { get; }

    public int ClassificationTokenId { get; }

    public string MaskingToken { get; }

    public int MaskingTokenId { get; }

    public static BertTokenizer Create(string vocabFilePath, BertOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabFilePath);
        using FileStream stream = File.OpenRead(vocabFilePath);
        return Create(stream, options);
    }

    public static BertTokenizer Create(Stream vocabStream, BertOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(vocabStream);
        return new BertTokenizer(Vocabulary.Read(vocabStream), options ?? new BertOptions());
    }

    public new IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(text, addSpecialTokens: true, considerPreTokenization, considerNormalization);

    public new IReadOnlyList<int> EncodeToIds(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(text, addSpecialTokens: true, considerPreTokenization, considerNormalization);

    public IReadOnlyList<int> EncodeToIds(string text, bool addSpecialTokens, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        IReadOnlyList<int> ids = base.EncodeToIds(text, considerPreTokenization, considerNormalization);
        return addSpecialTokens ? BuildInputsWithSpecialTokens(ids) : ids;
    }

    public IReadOnlyList<int> EncodeToIds(
        ReadOnlySpan<char> text, bool addSpecialTokens, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        IReadOnlyList<int> ids = base.EncodeToIds(text, considerPreTokenization, considerNormalization);
        return addSpecialTokens ? BuildInputsWithSpecialTokens(ids) : ids;
    }

    public IReadOnlyList<int> BuildInputsWithSpecialTokens(IEnumerable<int> tokenIds, IEnumerable<int>? additionalTokenIds = null)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        var ids = new List<int> { ClassificationTokenId };
        ids.AddRange(tokenIds);
        ids.Add(SeparatorTokenId);
        if (additionalTokenIds is not null)
        {
            ids.AddRange(additionalTokenIds);
            ids.Add(SeparatorTokenId);
        }

        return ids;
    }

    private static WordPieceOptions WithBertDefaults(Vocabulary vocabulary, BertOptions options)
    {
        IReadOnlyDictionary<string, int>? special = options.SpecialTokens;
        IReadOnlyDictionary<string, int>? spellings = special;
        if (options.SplitOnSpecialTokens)
        {
            special ??= new[] { options.UnknownToken, options.SeparatorToken, options.PaddingToken, options.ClassificationToken, options.MaskingToken }
                .Distinct().ToDictionary(token => token, token => RequiredId(vocabulary, token));
            spellings = special;
            if (options.ApplyBasicTokenization && options.LowerCaseBeforeTokenization)
                spellings = LowerCased(vocabulary, special);
        }

        return new WordPieceOptions
        {
            UnknownToken = options.UnknownToken,
            ContinuingSubwordPrefix = options.ContinuingSubwordPrefix,
            MaxInputCharsPerWord = options.MaxInputCharsPerWord,
            SpecialTokens = special,
            Normalizer = options.Normalizer ?? (options.ApplyBasicTokenization
                ? new BertNormalizer(options.LowerCaseBeforeTokenization, options.IndividuallyTokenizeCjk, options.RemoveNonSpacingMarks)
                : null),
            PreTokenizer = options.PreTokenizer ?? (options.ApplyBasicTokenization
                ? PreTokenizer.CreateWordOrPunctuation(options.SplitOnSpecialTokens ? spellings : null)
                : PreTokenizer.CreateWhiteSpace()),
        };
    }

    /// <summary>The text is lower-cased before it is split, so special tokens are looked for in lower case.</summary>
    private static Dictionary<string, int> LowerCased(Vocabulary vocabulary, IReadOnlyDictionary<string, int> special)
    {
        var lowered = new Dictionary<string, int>();
        foreach ((string token, int id) in special)
        {
            if (RequiredId(vocabulary, token) != id)
                throw new ArgumentException($"The special token '{token}' has another id in the vocabulary than the given {id}.");

            lowered[token.ToLowerInvariant()] = id;
            vocabulary.AddAlias(token.ToLowerInvariant(), id);
        }

        return lowered;
    }

    private static int RequiredId(Vocabulary vocabulary, string token) =>
        token is not null && vocabulary.TryGetId(token, out int id) ? id : throw new ArgumentException($"The special token '{token}' is not in the vocabulary.");
}
