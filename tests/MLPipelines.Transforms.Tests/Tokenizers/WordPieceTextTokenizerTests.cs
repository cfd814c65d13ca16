using System.Text.Json;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class WordPieceTextTokenizerTests
{
    static readonly Golden s_golden = new("wordpiece.json");

    static readonly string[] s_vocabulary = [.. s_golden["vocabulary"].EnumerateArray().Select(entry => entry.GetString()!)];

    public static TheoryData<int, bool> Cases()
    {
        var cases = new TheoryData<int, bool>();
        for (var i = 0; i < s_golden["cases"].GetArrayLength(); i++)
        {
            cases.Add(i, true);
            cases.Add(i, false);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Tokens_and_offsets_match_the_reference(int index, bool lowerCase)
    {
        var test = s_golden["cases"][index];
        var expected = test.GetProperty(lowerCase ? "uncased" : "cased");
        var tokens = new WordPieceTextTokenizer(s_vocabulary, new() { LowerCase = lowerCase }).Tokenize(test.GetProperty("text").GetString()!);
        Assert.Equal(Numbers(expected, "ids").Select(id => s_vocabulary[id]), tokens.Ids.Select(id => s_vocabulary[id]));
        Assert.Equal(Numbers(expected, "starts"), tokens.Starts);
        Assert.Equal(Numbers(expected, "ends"), tokens.Ends);
    }

    [Fact]
    public void Unpaired_surrogates_give_no_token_and_do_not_move_the_others()
    {
        var tokens = new WordPieceTextTokenizer(s_vocabulary).Tokenize("\ud800a \udc00 b\ud83d");
        Assert.Equal(["a", "b"], tokens.Ids.Select(id => s_vocabulary[id]));
        Assert.Equal([1, 5], tokens.Starts);
        Assert.Equal([2, 6], tokens.Ends);
    }

    [Fact]
    public void Long_texts_are_tokenized_whole()
    {
        var tokens = new WordPieceTextTokenizer(s_vocabulary).Tokenize(string.Concat(Enumerable.Repeat("the quick 中国 ", 20_000)));
        Assert.Equal(80_000, tokens.Count);
        Assert.Equal((20_000 * 13) - 1, tokens.Ends[^1]);
    }

    [Theory]
    [InlineData("hello", true)]
    [InlineData("Hello", false)]
    [InlineData("<S>", true)]
    [InlineData("ℝ", true)]
    [InlineData("##É", false)]
    public void Case_is_detected_from_the_vocabulary(string entry, bool lowerCase)
    {
        var tokenizer = new WordPieceTextTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", entry]);
        Assert.Equal(lowerCase, tokenizer.Settings.LowerCase);
        Assert.Equal(lowerCase, tokenizer.Settings.StripAccents);
    }

    [Fact]
    public void Case_and_accents_are_separate_choices()
    {
        var vocabulary = new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "é", "É", "e", "E", "i\u0307", "i" };
        Assert.Equal("é", One(new() { LowerCase = true, StripAccents = false }, "É"));
        Assert.Equal("E", One(new() { LowerCase = false, StripAccents = true }, "É"));
        Assert.Equal("e", One(new() { LowerCase = true }, "É"));
        Assert.Equal("i\u0307", One(new() { LowerCase = true, StripAccents = false }, "İ"));

        string One(WordPieceTextTokenizer.Options options, string text) => vocabulary[Assert.Single(new WordPieceTextTokenizer(vocabulary, options).Tokenize(text).Ids)];
    }

    [Fact]
    public void Chinese_characters_can_stay_together_for_vocabularies_of_words()
    {
        var vocabulary = new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "北京" };
        var tokens = new WordPieceTextTokenizer(vocabulary, new() { SplitChineseCharacters = false }).Tokenize("北京 北京人");
        Assert.Equal([4, 1], tokens.Ids);
        Assert.Equal([2, 6], tokens.Ends);
    }

    [Fact]
    public void Special_ids_are_found_by_name()
    {
        var tokenizer = WordPieceTextTokenizer.FromVocabulary(["a", "[SEP]", "[CLS]", "[UNK]", "[PAD]"]);
        Assert.Equal((1, 2, 3, 4, -1), (tokenizer.SepId, tokenizer.ClsId, tokenizer.UnkId, tokenizer.PadId, tokenizer.MaskId));
        Assert.Equal(5, tokenizer.Vocabulary.Count);
    }

    [Fact]
    public void Concurrent_use_gives_the_same_tokens()
    {
        var tokenizer = new WordPieceTextTokenizer(s_vocabulary);
        var texts = s_golden["cases"].EnumerateArray().Select(test => test.GetProperty("text").GetString()!).ToList();
        var expected = texts.Select(text => tokenizer.Tokenize(text).Ids).ToList();
        var fresh = new WordPieceTextTokenizer(s_vocabulary);
        Parallel.For(0, 400, i => Assert.Equal(expected[i % texts.Count], fresh.Tokenize(texts[i % texts.Count]).Ids));
    }

    static int[] Numbers(JsonElement node, string name) => [.. node.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
