using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Components;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class VocabularyTests
{
    static readonly string[] s_texts = ["New York is new", "newer news, newest newer", "北京的天气", "北京 is new"];

    [Fact]
    public void A_built_vocabulary_covers_every_word_of_its_texts()
    {
        var tokenizer = WordPieceTextTokenizer.BuildFrom(s_texts);
        Assert.All(s_texts, text => Assert.DoesNotContain(tokenizer.UnkId, tokenizer.Tokenize(text).Ids));
        Assert.DoesNotContain(tokenizer.UnkId, tokenizer.Tokenize("wenyork").Ids);
    }

    [Fact]
    public void A_built_vocabulary_has_special_entries_characters_and_frequent_words()
    {
        var vocabulary = VocabularyBuilder.Build(s_texts);
        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], vocabulary.Take(5));
        Assert.Contains("北", vocabulary);
        Assert.DoesNotContain("北京", vocabulary);
        Assert.Contains("##w", vocabulary);
        Assert.Contains("newer", vocabulary);
        Assert.DoesNotContain("newest", vocabulary);
        Assert.Equal(vocabulary.Count, vocabulary.Distinct().Count());
    }

    [Fact]
    public void The_order_of_the_texts_does_not_matter() => Assert.Equal(VocabularyBuilder.Build(s_texts), VocabularyBuilder.Build(s_texts.Reverse()));

    [Fact]
    public void The_size_limits_words_but_never_characters()
    {
        var characters = VocabularyBuilder.Build(s_texts, options: new() { Size = 5 });
        Assert.All(characters.Skip(5), entry => Assert.Equal(1, entry.Replace("##", "", StringComparison.Ordinal).Length));
        Assert.Equal(characters.Count + 2, VocabularyBuilder.Build(s_texts, options: new() { Size = characters.Count + 2 }).Count);
    }

    /// <summary>The words of the article's example, merged by hand.</summary>
    [Fact]
    public void The_most_frequent_neighbours_are_joined_first()
    {
        string[] texts = [.. Words("low", 5), .. Words("lowest", 2), .. Words("newer", 6), .. Words("wider", 3), .. Words("x", 9)];
        var vocabulary = VocabularyBuilder.Build(texts);
        var merges = vocabulary.SkipWhile(entry => entry is not "##er").ToArray();
        Assert.Equal(["##er", "##ow", "low", "##ew", "##ewer", "newer", "##der", "##ider", "wider", "##es", "##est", "lowest"], merges);

        static IEnumerable<string> Words(string word, int count) => Enumerable.Repeat(word, count);
    }

    [Fact]
    public void Merges_are_those_of_counting_everything_anew() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<PositiveInt>(), (seed, size) =>
    {
        var random = new Random(seed);
        var texts = Enumerable.Range(0, 5).Select(_ => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => " abcab"[random.Next(6)]))).ToArray();
        var vocabulary = VocabularyBuilder.Build(texts, options: new() { Size = size.Get + 10, MaximumPieceLength = 6 });
        Assert.Equal(Plainly(texts, size.Get + 10, maximumLength: 6), vocabulary.Skip(5).Where(entry => entry.Replace("##", "", StringComparison.Ordinal).Length > 1));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_text_without_spaces_is_no_word()
    {
        var endless = string.Concat(Enumerable.Repeat("abcdefgh", 50_000));
        var vocabulary = VocabularyBuilder.Build([endless, "abc abc"]);
        Assert.Contains("##h", vocabulary);
        Assert.Contains("abc", vocabulary);
        Assert.DoesNotContain("##gh", vocabulary);
    }

    [Fact]
    public void Cased_texts_keep_their_capitals() => Assert.Contains("N", VocabularyBuilder.Build(s_texts, new() { LowerCase = false }));

    [Theory]
    [InlineData("", "MLP001: the vocabulary is empty (FILE). Expected: one entry a line, [PAD], [UNK], [CLS] and [SEP] among them. Got: no entries.")]
    [InlineData("[PAD]\n[UNK]\n[SEP]\na\n", "MLP001: the vocabulary lacks '[CLS]' (FILE). Expected: one entry a line, [PAD], [UNK], [CLS] and [SEP] among them. Got: no such line.")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\na\n", "MLP001: the vocabulary entry 'a' occurs twice (FILE, line 7). Expected: every entry once. Got: the entry of line 5 again.")]
    [InlineData("[PAD]\n\n[UNK]\n[CLS]\n[SEP]\n", "MLP001: a vocabulary entry is empty (FILE, line 2). Expected: one entry. Got: an empty line.")]
    public void A_wrong_file_is_named_with_the_line(string content, string message)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content);
            var error = Assert.Throws<DataFormatException>(() => WordPieceTextTokenizer.FromFile(file));
            Assert.Equal(message.Replace("FILE", file, StringComparison.Ordinal), error.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_file_may_end_with_empty_lines_and_use_either_line_break()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n\u2028\r\na\r\n\r\n");
            Assert.Equal(6, WordPieceTextTokenizer.FromFile(file).Vocabulary.Count);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The same by its definition: count all pairs, join the best one everywhere, begin anew.</summary>
    static List<string> Plainly(string[] texts, int size, int maximumLength)
    {
        var words = texts.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(word => word.Length <= 100)
            .Select(word => word.Select((c, i) => i == 0 ? $"{c}" : $"##{c}").ToList()).ToList();
        var all = texts.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var characters = all.SelectMany(word => word.SelectMany(c => word.Length > 1 ? new[] { $"{c}", $"##{c}" } : [$"{c}"])).Distinct().Count();
        var merges = new List<string>();
        while (5 + characters + merges.Count < size)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).Where(pair => Joined(pair).Replace("##", "", StringComparison.Ordinal).Length <= maximumLength)
                .GroupBy(pair => pair).Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.First, StringComparer.Ordinal).ThenBy(group => group.Key.Second, StringComparer.Ordinal)
                .FirstOrDefault()?.Key;
            if (best is not { } pair) break;
            if (!merges.Contains(Joined(pair))) merges.Add(Joined(pair));
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) != pair) continue;
                    word[i] = Joined(pair);
                    word.RemoveAt(i + 1);
                }
            }
        }

        return merges;
    }

    static string Joined((string First, string Second) pair) => pair.First + pair.Second[2..];
}
