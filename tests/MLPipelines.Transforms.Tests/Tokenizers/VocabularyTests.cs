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
        Assert.Contains("##er", vocabulary);
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
}
