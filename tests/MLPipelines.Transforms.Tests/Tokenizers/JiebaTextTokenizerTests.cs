using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MLPipelines.Persistence;
using MLPipelines.Tokenizers;
using Xunit.Abstractions;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class JiebaTextTokenizerTests(ITestOutputHelper output)
{
    static readonly string[] s_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

    [DictionaryFact]
    public void Tokens_and_offsets_are_those_of_the_reference() => JiebaGolden.AssertCases("full", JiebaGolden.Full());

    [Fact]
    public void With_another_dictionary_too() => JiebaGolden.AssertCases("small", JiebaGolden.Small());

    /// <summary>All Chinese texts at hand with the vocabulary of roformer_chinese_base, against a digest of the reference's ids.</summary>
    [DictionaryFact(withSharedData: true)]
    public void Published_vocabulary_gives_the_ids_of_the_reference_on_real_text()
    {
        var folder = SharedDataFactAttribute.Folder!;
        var tokenizer = TextTokenizers.FromFile(Path.Combine(folder, "vocab", "roformer-chinese-base-vocab.txt"));
        Assert.IsType<JiebaTextTokenizer>(tokenizer);
        foreach (var file in JiebaGolden.File["files"].EnumerateArray())
        {
            var name = file.GetProperty("file").GetString()!;
            var lines = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, name))).ReplaceLineEndings("\n").Split('\n');
            tokenizer.Tokenize(lines[0]);
            var watch = Stopwatch.StartNew();
            var tokens = lines.Select(line => tokenizer.Tokenize(line)).ToList();
            var rate = lines.Sum(line => Encoding.UTF8.GetByteCount(line)) / 1e6 / watch.Elapsed.TotalSeconds;
            output.WriteLine($"{name}: {rate:F1} MB/s");
            Assert.Equal((file.GetProperty("lines").GetInt32(), file.GetProperty("tokens").GetInt32()), (lines.Length, tokens.Sum(text => text.Count)));
            Assert.Equal(file.GetProperty("sha256").GetString(), Digest(tokens));
        }
    }

    [Fact]
    public void What_two_of_three_implementations_do_decides_where_they_differ()
    {
        var tokenizer = new JiebaTextTokenizer([.. s_special, "cafe", "c", "+", "北", "京", "北京"], null, JiebaGolden.SmallDictionary);
        Assert.Equal(["cafe"], Pieces(tokenizer, "Café")); // accents before jieba: bert4keras, the fast tokenizer
        Assert.Equal(["c", "+", "+"], Pieces(tokenizer, "c++")); // punctuation in a word of jieba's: bert4keras, the slow tokenizer
        Assert.Equal(["北", "京"], Pieces(tokenizer, "北\u200b京")); // control characters separate: bert4keras, the slow tokenizer
        Assert.Equal(["北", "京"], Pieces(tokenizer, "北\ue000京")); // private characters give nothing: both of Hugging Face
        Assert.Equal(["[UNK]"], Pieces(new([.. s_special, "x", "##x"], null, JiebaGolden.SmallDictionary), new('x', 101))); // 100 letters: both of Hugging Face
        Assert.Equal(101, new JiebaTextTokenizer([.. s_special, "x", "##x"], new() { MaximumWordLength = 200 }, JiebaGolden.SmallDictionary).Tokenize(new('x', 101)).Count);
    }

    [Fact]
    public void Case_and_accents_are_choices()
    {
        string[] vocabulary = [.. s_special, "Café", "Caf", "caf", "é", "e", "T恤", "t", "恤", "i\u0307", "i"];
        var cased = new JiebaTextTokenizer(vocabulary, null, new JiebaDictionary(["T恤 3"]));
        Assert.Equal((false, false), (cased.Settings.LowerCase, cased.Settings.StripAccents));
        Assert.Equal(["Caf", "é", "T恤"], Pieces(cased, "CaféT恤"));
        var uncased = new JiebaTextTokenizer(vocabulary, new() { LowerCase = true, StripAccents = false }, new JiebaDictionary(["T恤 3"]));
        Assert.Equal(["caf", "é", "t", "恤"], Pieces(uncased, "CaféT恤"));
        var capital = uncased.Tokenize("İ");
        Assert.Equal(("i", "[UNK]"), (vocabulary[capital.Ids[0]], vocabulary[capital.Ids[1]]));
        Assert.Equal([0, 0], capital.Starts);
        Assert.Equal([1, 1], capital.Ends);
    }

    [Fact]
    public void Unpaired_surrogates_give_no_token_and_separate_words()
    {
        var tokens = JiebaGolden.Small().Tokenize("\ud842北\udfb7京\ud83d");
        Assert.Equal([1, 3], tokens.Starts);
        Assert.Equal([2, 4], tokens.Ends);
    }

    [Fact]
    public void Long_texts_without_a_break_are_tokenized_whole()
    {
        var tokens = JiebaGolden.Small().Tokenize(string.Concat(Enumerable.Repeat("北京大学今天abc", 40_000)));
        Assert.Equal(40_000 * 4, tokens.Count);
        Assert.Equal(40_000 * 9, tokens.Ends[^1]);
        Assert.Equal(tokens.Ids[..4], tokens.Ids[^4..]);
    }

    [Fact]
    public void Words_say_which_tokens_belong_together()
    {
        var tokenizer = new JiebaTextTokenizer([.. s_special, "北", "京", "大", "学", "天气", "ab", "##c", "，"], null, JiebaGolden.SmallDictionary);
        var tokens = tokenizer.Tokenize("北京大学 天气，abc北京", out var words);
        Assert.Equal(tokenizer.Tokenize("北京大学 天气，abc北京").Ids, tokens.Ids);
        Assert.Equal(["北", "京", "大", "学", "天气", "，", "ab", "##c", "北", "京"], tokens.Ids.Select(id => tokenizer.Vocabulary[id]));
        Assert.Equal([0, 0, 0, 0, 1, 2, 3, 3, 4, 4], words);
        tokenizer.Tokenize("", out var none);
        Assert.Empty(none);
    }

    [DictionaryFact]
    public void It_is_saved_and_made_again_like_any_component()
    {
        var tokenizer = new JiebaTextTokenizer([.. s_special, "A", "今天", "天气"], new() { MaximumWordLength = 7 });
        var saved = SavedComponent.Write(tokenizer, tokenizer.Settings);
        var again = SavedComponent.Create<ITextTokenizer>(saved, [tokenizer.Vocabulary]);
        Assert.Equal(tokenizer.Settings, Assert.IsType<JiebaTextTokenizer>(again).Settings);
        Assert.Equal(tokenizer.Tokenize("今天天气A").Ids, again.Tokenize("今天天气A").Ids);
    }

    [Fact]
    public void Options_out_of_range_are_named()
        => Assert.Contains("MaximumWordLength", Assert.Throws<ArgumentException>(() => new JiebaTextTokenizer(s_special, new() { MaximumWordLength = 0 }, JiebaGolden.SmallDictionary)).Message, StringComparison.Ordinal);

    [DictionaryFact]
    public void Concurrent_use_gives_the_same_tokens()
    {
        var texts = JiebaGolden.File["full", "cases"].EnumerateArray().Select(test => test.GetProperty("text").GetString()!).ToList();
        var expected = texts.Select(text => JiebaGolden.Full().Tokenize(text).Ids).ToList();
        var shared = JiebaGolden.Full();
        Parallel.For(0, 2000, i => Assert.Equal(expected[i % texts.Count], shared.Tokenize(texts[i % texts.Count]).Ids));
    }

    static IEnumerable<string> Pieces(JiebaTextTokenizer tokenizer, string text) => tokenizer.Tokenize(text).Ids.Select(id => tokenizer.Vocabulary[id]);

    static string Digest(IEnumerable<TokenizedText> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var number = new byte[4];
        foreach (var value in texts.SelectMany(text => text.Ids.Prepend(text.Count)))
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, value);
            hash.AppendData(number);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
