using MLPipelines.Tokenizers;

namespace MLPipelines.Testing;

/// <summary>The checks of the tokenizer contract.</summary>
static class TokenizerChecks
{
    /// <summary>Text as it comes from outside: empty, blank, controls, unpaired surrogates, emoji, combining marks, right to left, very long.</summary>
    static readonly string[] s_hostile =
    [
        "", " ", "\t\r\n", "\0", "a\0b", "\u0001\u0002", "\uFEFFtext", "\u00A0\u3000", "\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83Db", "\uD83D\uDE00",
        "👨‍👩‍👧‍👦 family", "e\u0301 café", "\u0301", "שלום עולם", "مرحبا بالعالم", "中文abc中文", "한국어", "𠮷野家", "ＦＵＬＬ　ｗｉｄｔｈ", "i̇İıI", "\uFFFD\uFFFE\uFFFF",
        "[CLS] [SEP] [PAD] [UNK] [MASK]", new('x', 5_000), string.Concat(Enumerable.Repeat("word ", 20_000)), string.Concat(Enumerable.Repeat("中", 20_000)),
    ];

    public static IEnumerable<ContractCheck<TokenizerContractCase>> All =>
        [new(GoldensAreMet), new(HostileTextIsAccepted), new(OffsetsPointIntoTheText), new(IdsAreInTheVocabulary), new(SpecialIdsAreDistinct), new(IsDeterministicOnAllThreads)];

    public static void GoldensAreMet(TokenizerContractCase @case)
    {
        Require.That(@case.Goldens.Count > 0, "the contract case has no goldens");
        foreach (var golden in @case.Goldens)
        {
            var text = @case.Tokenizer.Tokenize(golden.Text);
            Require.Equal(string.Join(" | ", golden.Tokens), string.Join(" | ", text.Ids.Select(id => @case.Tokenizer.Vocabulary[id])), $"tokens of \"{golden.Text}\"");
            if (golden.Spans is not null) Require.Equal(string.Join(" ", golden.Spans), string.Join(" ", text.Starts.Zip(text.Ends)), $"offsets of \"{golden.Text}\"");
        }
    }

    public static void HostileTextIsAccepted(TokenizerContractCase @case)
    {
        foreach (var text in s_hostile) Require.DoesNotThrow(() => @case.Tokenizer.Tokenize(text), $"tokenizing {Show(text)} failed");
        Require.Equal(0, @case.Tokenizer.Tokenize("").Count, "the number of tokens of an empty text");
    }

    public static void OffsetsPointIntoTheText(TokenizerContractCase @case)
    {
        foreach (var text in s_hostile.Concat(@case.Goldens.Select(golden => golden.Text)))
        {
            var tokens = @case.Tokenizer.Tokenize(text);
            Require.That(tokens.Starts.Length == tokens.Count && tokens.Ends.Length == tokens.Count, $"ids and offsets of {Show(text)} differ in number");
            for (var i = 0; i < tokens.Count; i++)
            {
                var (start, end) = (tokens.Starts[i], tokens.Ends[i]);
                Require.That(start >= 0 && start < end && end <= text.Length, $"token {i} of {Show(text)} stands at [{start}, {end}), which is not a part of the text");
                Require.That(!SplitsPair(text, start) && !SplitsPair(text, end), $"token {i} of {Show(text)} begins or ends inside a surrogate pair");
                if (i == 0) continue;
                var (before, upTo) = (tokens.Starts[i - 1], tokens.Ends[i - 1]);
                Require.That(start >= upTo || (start == before && end == upTo), $"tokens {i - 1} and {i} of {Show(text)} overlap or are out of order");
            }
        }
    }

    public static void IdsAreInTheVocabulary(TokenizerContractCase @case)
    {
        foreach (var text in s_hostile)
            foreach (var id in @case.Tokenizer.Tokenize(text).Ids)
                Require.That(id >= 0 && id < @case.Tokenizer.Vocabulary.Count, $"{Show(text)} gave the id {id}, which is not in the vocabulary");
    }

    public static void SpecialIdsAreDistinct(TokenizerContractCase @case)
    {
        var tokenizer = @case.Tokenizer;
        List<int> ids = [tokenizer.ClsId, tokenizer.SepId, tokenizer.PadId, tokenizer.UnkId];
        if (tokenizer.MaskId >= 0) ids.Add(tokenizer.MaskId);
        Require.That(ids.Distinct().Count() == ids.Count, $"special tokens share ids: {string.Join(", ", ids)}");
        Require.That(ids.All(id => id >= 0 && id < tokenizer.Vocabulary.Count), $"a special id is not in the vocabulary: {string.Join(", ", ids)}");
    }

    public static void IsDeterministicOnAllThreads(TokenizerContractCase @case)
    {
        var texts = s_hostile.Concat(@case.Goldens.Select(golden => golden.Text)).ToList();
        var expected = texts.ConvertAll(text => Flat(@case.Tokenizer.Tokenize(text)));
        Concurrently.Run(8, () =>
        {
            for (var i = 0; i < texts.Count; i++)
                Require.That(expected[i].AsSpan().SequenceEqual(Flat(@case.Tokenizer.Tokenize(texts[i]))), $"{Show(texts[i])} gives different tokens on another thread");
        });

        static int[] Flat(TokenizedText text) => [.. text.Ids, .. text.Starts, .. text.Ends];
    }

    static bool SplitsPair(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);

    static string Show(string text)
    {
        var head = string.Concat(text.Take(24).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? $"\\u{(int)character:X4}" : character.ToString()));
        return text.Length > 24 ? $"\"{head}…\" ({text.Length} characters)" : $"\"{head}\"";
    }
}
