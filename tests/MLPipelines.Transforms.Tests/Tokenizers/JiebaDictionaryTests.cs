using System.Globalization;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Components;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class JiebaDictionaryTests
{
    [DictionaryFact]
    public void Dictionary_is_the_one_that_version_1_of_the_tokenizer_promises()
    {
        // Another dictionary is another tokenizer: tokenizer.jieba.v2.
        using var stream = typeof(JiebaDictionary).Assembly.GetManifestResourceStream("jieba-dictionary.txt")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        // The same digest as dict.txt of jieba 0.42.1 for Python.
        Assert.Equal("7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8", Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void The_most_probable_words_are_found() => Prop.ForAll(Cases().ToArbitrary(), test =>
    {
        var (words, text) = test;
        var dictionary = new JiebaDictionary(words.Select(word => string.Create(CultureInfo.InvariantCulture, $"{word.Key} {word.Value}")));
        var total = words.Values.Sum();
        var cut = Cut(dictionary, text);
        return string.Concat(cut) == text && Math.Abs(Score(cut) - AllWays(text).Max(Score)) < 1e-9;

        double Score(IEnumerable<string> way) => way.Sum(word => Math.Log(words.GetValueOrDefault(word, 1)) - Math.Log(total));

        // A character that begins no word of the dictionary may stand alone, every other only if it is a word.
        IEnumerable<List<string>> AllWays(string rest)
        {
            if (rest.Length == 0) return [[]];
            var possible = Enumerable.Range(1, rest.Length).Where(length => words.ContainsKey(rest[..length])).DefaultIfEmpty(1);
            return possible.SelectMany(length => AllWays(rest[length..]).Select(way => (List<string>)[rest[..length], .. way]));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Of_equally_probable_ways_the_longer_first_word_wins()
        => Assert.Equal(["甲乙", "丙"], Cut(new(["甲乙 6", "乙丙 6", "甲 6", "丙 6"]), "甲乙丙"));

    [Fact]
    public void A_word_of_frequency_zero_is_none() => Assert.Equal(["甲", "乙"], Cut(new(["甲乙 0", "甲 1"]), "甲乙"));

    [Theory]
    [InlineData("北京", "北京")]
    [InlineData("北京 n", "北京 n")]
    [InlineData("北京 -3 n", "北京 -3 n")]
    [InlineData(" 3", " 3")]
    [InlineData("", "an empty line")]
    public void A_malformed_line_is_named(string line, string found)
    {
        var error = Assert.Throws<DataFormatException>(() => new JiebaDictionary(["大学 3 n", line]));
        Assert.Equal($"MLP001: a line of the dictionary is malformed (jieba-dictionary.txt, line 2). Expected: a word and its frequency. Got: {found}.", error.Message);
    }

    [Fact]
    public void A_build_without_the_dictionary_says_what_to_do()
    {
        var message = Failures.NoJiebaDictionary().Message;
        Assert.StartsWith("MLP118: ", message, StringComparison.Ordinal);
        Assert.Contains("jieba.NET (eng/setup.sh asks", message, StringComparison.Ordinal);
    }

    static List<string> Cut(JiebaDictionary dictionary, string text)
    {
        var ends = new int[text.Length];
        dictionary.Cut(text, new double[text.Length + 1], ends);
        var words = new List<string>();
        for (var begin = 0; begin < text.Length; begin = ends[begin]) words.Add(text[begin..ends[begin]]);
        return words;
    }

    static Gen<(Dictionary<string, int> Words, string Text)> Cases()
    {
        var word = Gen.Elements('甲', '乙', '丙', '丁').NonEmptyListOf().Select(list => string.Concat(list.Take(4)));
        var entry = word.SelectMany(text => Gen.Choose(1, 30).Select(frequency => (text, frequency)));
        return entry.NonEmptyListOf().SelectMany(entries => Gen.Elements('甲', '乙', '丙', '丁', '戊').ListOf().Select(text => (
            entries.GroupBy(pair => pair.text).ToDictionary(group => group.Key, group => group.First().frequency, StringComparer.Ordinal),
            string.Concat(text.Take(9)))));
    }
}
