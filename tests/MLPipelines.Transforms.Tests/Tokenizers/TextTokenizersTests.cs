using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Tokenizers;

public sealed class TextTokenizersTests
{
    static readonly string[] s_characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "今", "天", "a"];
    static readonly string[] s_words = [.. s_characters, "今天", "天气"];

    [DictionaryFact]
    public void Vocabulary_decides()
    {
        Assert.IsType<WordPieceTextTokenizer>(TextTokenizers.FromVocabulary(s_characters));
        Assert.IsType<JiebaTextTokenizer>(TextTokenizers.FromVocabulary(s_words));
        // A word or two among many characters make no vocabulary of words.
        Assert.IsType<WordPieceTextTokenizer>(TextTokenizers.FromVocabulary([.. s_words, .. Enumerable.Range(0x4E01, 100).Select(c => ((char)c).ToString())]));
    }

    [DictionaryFact]
    public void A_name_decides_otherwise()
    {
        Assert.IsType<WordPieceTextTokenizer>(TextTokenizers.FromVocabulary(s_words, "wordpiece"));
        Assert.IsType<JiebaTextTokenizer>(TextTokenizers.FromVocabulary(s_characters, "tokenizer.jieba.v1"));
        using var file = new TemporaryFile(string.Join('\n', s_words));
        Assert.IsType<WordPieceTextTokenizer>(TextTokenizers.FromFile(file.Path, "wordpiece"));
        Assert.Equal(s_words, TextTokenizers.FromFile(file.Path).Vocabulary);
    }

    [Fact]
    public void Options_of_the_reference_come_before_settings()
    {
        var reference = new ComponentReference("wordpiece", new JsonObject { ["LowerCase"] = false, ["maximumWordLength"] = 7 });
        Assert.Equal(
            new WordPieceTextTokenizer.Options { LowerCase = false, StripAccents = false, MaximumWordLength = 7 },
            TextTokenizers.FromVocabulary(s_characters, reference, lowerCase: true).Settings);
        Assert.Equal(false, ((WordPieceTextTokenizer)TextTokenizers.FromVocabulary(s_characters, "wordpiece", lowerCase: false)).Settings.LowerCase);
    }

    [Fact]
    public void What_is_no_tokenizer_is_named()
    {
        Assert.Contains("'encoder.roformer.v1'", Assert.Throws<ArgumentException>(() => TextTokenizers.FromVocabulary(s_characters, "encoder.roformer.v1")).Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer.jieba.v1", Assert.Throws<ArgumentException>(() => TextTokenizers.FromVocabulary(s_characters, "yieba")).Message, StringComparison.Ordinal);
        Assert.Contains("maximum", Assert.Throws<ArgumentException>(() => TextTokenizers.FromVocabulary(s_characters, new ComponentReference("wordpiece", new JsonObject { ["maximum"] = 1 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_a_file_is_named()
    {
        using var file = new TemporaryFile(string.Join('\n', [.. s_characters, "a"]));
        Assert.Contains($"({file.Path}, line 8)", Assert.Throws<DataFormatException>(() => TextTokenizers.FromFile(file.Path)).Message, StringComparison.Ordinal);
    }
}
