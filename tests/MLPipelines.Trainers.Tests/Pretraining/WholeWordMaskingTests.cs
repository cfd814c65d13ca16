using MLPipelines.Scoring;
using MLPipelines.Tokenizers;
using MLPipelines.Trainers.Pretraining;
using Xunit;

namespace MLPipelines.Trainers.Tests.Pretraining;

public sealed class WholeWordMaskingTests
{
    static readonly WordPieceTextTokenizer s_tokenizer = WordPieceTextTokenizer.FromVocabulary(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "play", "##ing", "##s", "the", "violin", ",", "北", "京", "去", "我", "天", "气"]);

    [Fact]
    public void Pieces_of_a_word_belong_together()
    {
        const string Text = "playing the violin, plays";
        Assert.Equal([0, 0, 1, 2, 3, 4, 4], new WholeWords(ChineseWords.Learn([])).OfTokens(Text, s_tokenizer.Tokenize(Text)));
    }

    [Fact]
    public void Chinese_words_are_found_by_statistics()
    {
        // 北京 always stands together, 天气 too, and everything else in any order.
        string[] others = ["我", "去", "来", "看", "说", "人", "大", "小", "好", "学", "中", "国", "家", "里", "有", "不"];
        var random = new Random(1);
        var texts = Enumerable.Range(0, 1600).Select(i => string.Concat(Enumerable.Range(0, 8).Select(_ => others[random.Next(others.Length)])) + (i % 16 == 0 ? "北京" : i % 16 == 1 ? "天气" : "")).ToList();
        var words = ChineseWords.Learn(texts);
        Assert.Equal((2, 2, 1), (words.LengthAt("我北京去", 1), words.LengthAt("天气", 0), words.LengthAt("我去", 0)));
        Assert.Equal(2, words.Count);
        Assert.Equal([0, 1, 2, 2], new WholeWords(words).OfTokens("我去北京", s_tokenizer.Tokenize("我去北京")));
    }

    [Fact]
    public void A_tokenizer_that_cuts_words_says_itself_which_tokens_belong_together()
    {
        var text = Assert.Single(PretrainingText.Create(["我去北京"], new WordCutter(), new WholeWords(ChineseWords.Learn([])), 16, CancellationToken.None));
        Assert.Equal([0, 0, 1, 1], text.Words);
        Assert.Equal([2, 14, 13, 11, 12, 3], text.Sequence.Ids);
    }

    [Fact]
    public void Fifteen_percent_in_whole_words_as_eighty_ten_ten()
    {
        var masking = new TokenMasking(s_tokenizer, 0.15);
        // Forty words of two pieces each.
        int[] ids = [2, .. Enumerable.Range(0, 40).SelectMany(_ => new[] { 5, 6 }), 3];
        var words = Enumerable.Range(0, 80).Select(i => i / 2).ToArray();
        var sequence = new TextSequence(ids, ids.Length);
        var random = new Random(3);
        var (chosen, masked, kept, total) = (0, 0, 0, 0);
        for (var round = 0; round < 200; round++)
        {
            var result = masking.Apply(sequence, words, random);
            Assert.Equal(12, result.Positions.Length);
            Assert.All(result.Positions.Chunk(2), pair => Assert.Equal((pair[0] + 1, 1), (pair[1], pair[0] % 2)));
            Assert.Equal(result.Positions.Select(position => ids[position]), result.Ids);
            Assert.Equal(ids[0], result.Sequence.Ids[0]);
            Assert.All(Enumerable.Range(0, ids.Length).Except(result.Positions), i => Assert.Equal(ids[i], result.Sequence.Ids[i]));
            chosen += result.Positions.Length;
            masked += result.Positions.Count(position => result.Sequence.Ids[position] == 4);
            kept += result.Positions.Count(position => result.Sequence.Ids[position] == ids[position]);
            total += 80;
        }
        Assert.Equal(0.15, chosen / (double)total, 0.001);
        Assert.InRange(masked / (double)chosen, 0.77, 0.83);
        Assert.InRange(kept / (double)chosen, 0.08, 0.14); // a random token may be the same one
    }

    [Fact]
    public void A_single_token_is_hidden_and_special_ones_never_are()
    {
        var result = new TokenMasking(s_tokenizer, 0.15).Apply(new([2, 9, 3], 3), [0], new Random(1));
        Assert.Equal([1], result.Positions);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var id = new TokenMasking(s_tokenizer, 0.15).Apply(new([2, 9, 3], 3), [0], random).Sequence.Ids[1];
            Assert.True(id == 4 || id >= 5, $"token {id}");
        }
    }

    [Fact]
    public void Of_a_word_that_is_the_whole_text_a_part_is_hidden()
    {
        int[] ids = [2, .. Enumerable.Repeat(5, 40), 3];
        var random = new Random(2);
        var seen = new HashSet<int>();
        for (var round = 0; round < 1000; round++)
        {
            var positions = new TokenMasking(s_tokenizer, 0.15).Apply(new(ids, ids.Length), new int[40], random).Positions;
            Assert.Equal(Enumerable.Range(positions[0], 6), positions);
            seen.UnionWith(positions);
        }
        Assert.Equal(Enumerable.Range(1, 40), seen.Order());
    }

    [Fact]
    public void A_vocabulary_without_MASK_is_refused() => Assert.Contains(
        "[MASK]", Assert.Throws<ArgumentException>(() => new TokenMasking(WordPieceTextTokenizer.FromVocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"]), 0.15)).Message, StringComparison.Ordinal);

    /// <summary>Takes two tokens for a word each time.</summary>
    sealed class WordCutter : IWordTokenizer
    {
        public IReadOnlyList<string> Vocabulary => s_tokenizer.Vocabulary;

        public int ClsId => s_tokenizer.ClsId;

        public int SepId => s_tokenizer.SepId;

        public int PadId => s_tokenizer.PadId;

        public int UnkId => s_tokenizer.UnkId;

        public int MaskId => s_tokenizer.MaskId;

        public object Settings => s_tokenizer.Settings;

        public TokenizedText Tokenize(string text) => s_tokenizer.Tokenize(text);

        public TokenizedText Tokenize(string text, out int[] words)
        {
            var tokens = Tokenize(text);
            words = [.. Enumerable.Range(0, tokens.Count).Select(i => i / 2)];
            return tokens;
        }
    }
}
