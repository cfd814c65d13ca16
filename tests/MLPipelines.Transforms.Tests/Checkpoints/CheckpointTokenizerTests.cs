using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Testing;
using MLPipelines.Tokenizers;

namespace MLPipelines.Transforms.Tests.Checkpoints;

[Collection(ContractCollection.Name)]
public sealed class CheckpointTokenizerTests
{
    [Theory]
    [InlineData(null, "[PAD] [UNK] [CLS] [SEP] a", true, true, true)]
    [InlineData(null, "[PAD] [UNK] [CLS] [SEP] A", false, false, true)]
    [InlineData("""{ "do_lower_case": true, "tokenizer_class": "BertTokenizer", "tokenizer_file": null }""", "[PAD] [UNK] [CLS] [SEP] A", true, true, true)]
    [InlineData("""{ "do_lower_case": false, "strip_accents": null, "unk_token": { "content": "[UNK]" } }""", "[PAD] [UNK] [CLS] [SEP] a", false, false, true)]
    [InlineData("""{ "do_lower_case": true, "strip_accents": false, "tokenize_chinese_chars": false }""", "[PAD] [UNK] [CLS] [SEP] a", true, false, false)]
    public void Settings_come_from_the_configuration_or_the_vocabulary(string? config, string vocabulary, bool lowerCase, bool stripAccents, bool split)
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("vocab.txt", vocabulary.Replace(' ', '\n'));
        if (config is not null) directory.Write("tokenizer_config.json", config);

        using var checkpoint = EncoderCheckpoint.Load(directory.Path);

        Assert.Equal(new WordPieceTextTokenizer.Options { LowerCase = lowerCase, StripAccents = stripAccents, SplitChineseCharacters = split }, checkpoint.Tokenizer.Settings);
        Assert.Empty(checkpoint.Warnings);
    }

    [Fact]
    public void Vocabulary_of_words_is_cut_into_characters_with_a_warning()
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n今\n天\n气\n今天\n天气");

        using var checkpoint = EncoderCheckpoint.Load(directory.Path);

        Assert.Equal([4, 5, 5, 6], checkpoint.Tokenizer.Tokenize("今天天气").Ids);
        var warning = Assert.Single(checkpoint.Warnings);
        Assert.Contains("2 of the 9 entries are Chinese words, which the pre-training cut with jieba", warning, StringComparison.Ordinal);
        Assert.Contains("'…_char_…'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokenizer_without_basic_tokenization_is_refused()
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("tokenizer_config.json", """{ "do_basic_tokenize": false }""");

        Assert.Contains("the setting 'do_basic_tokenize' is not supported", Assert.Throws<DataFormatException>(() => EncoderCheckpoint.Load(directory.Path)).Message, StringComparison.Ordinal);
    }
}
