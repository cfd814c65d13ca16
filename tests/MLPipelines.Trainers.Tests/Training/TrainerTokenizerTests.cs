using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Tokenizers;
using Xunit;

namespace MLPipelines.Trainers.Tests.Training;

public sealed class TrainerTokenizerTests
{
    static readonly string[] s_words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "今天", "天气", "好", "A"];

    [Fact]
    public void A_vocabulary_of_words_is_read_as_one_where_the_build_can()
    {
        var tokenizer = new GlobalPointerTrainer.Options { Vocabulary = s_words }.CreateTokenizer([]);
        Assert.Equal(TextTokenizers.FromVocabulary(s_words).GetType(), tokenizer.GetType());
        Assert.Equal(s_words, tokenizer.Vocabulary);
    }

    [Fact]
    public void Tokenizer_and_case_are_what_the_options_say()
    {
        var options = new GlobalPointerTrainer.Options
        {
            Vocabulary = s_words, LowerCase = true, Tokenizer = new ComponentReference("wordpiece", new JsonObject { ["splitChineseCharacters"] = false }),
        };
        Assert.Equal(new WordPieceTextTokenizer.Options { LowerCase = true, StripAccents = true, SplitChineseCharacters = false }, options.CreateTokenizer([]).Settings);
    }

    [Fact]
    public void A_vocabulary_built_from_texts_goes_to_it_too()
    {
        var options = new GlobalPointerTrainer.Options { Tokenizer = new ComponentReference("wordpiece", new JsonObject { ["maximumWordLength"] = 5 }) };
        var tokenizer = options.CreateTokenizer(["今天 Good good"]);
        Assert.Equal(new WordPieceTextTokenizer.Options { LowerCase = true, StripAccents = true, MaximumWordLength = 5 }, tokenizer.Settings);
        Assert.Contains("good", tokenizer.Vocabulary);
    }

    [Fact]
    public void The_size_of_a_built_vocabulary_is_a_setting_and_of_no_other()
    {
        Assert.Equal(10, new GlobalPointerTrainer.Options { VocabularySize = 10 }.CreateTokenizer(["aaaa aaab bbaa"]).Vocabulary.Count);
        foreach (var options in (GlobalPointerTrainer.Options[])[new() { VocabularyPath = "vocab.txt", VocabularySize = 12 }, new() { Vocabulary = s_words, VocabularySize = 12 }, new() { Encoder = "folder", VocabularySize = 12 }])
            Assert.Contains("VocabularySize", Assert.Throws<ArgumentException>(() => new GlobalPointerTrainer(new MLContext(1), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_that_is_not_there_is_named_before_any_data_are_read()
        => Assert.Contains("'yieba'", Assert.Throws<ArgumentException>(() => new GlobalPointerTrainer(new MLContext(1), new() { Tokenizer = "yieba" })).Message, StringComparison.Ordinal);
}
