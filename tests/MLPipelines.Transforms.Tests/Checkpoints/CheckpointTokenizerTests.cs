using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Testing;
using MLPipelines.Tokenizers;
using MLPipelines.Transforms.Tests.Tokenizers;

namespace MLPipelines.Transforms.Tests.Checkpoints;

[Collection(ContractCollection.Name)]
public sealed class CheckpointTokenizerTests
{
    const string Words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n今\n天\n天气\n明天";

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

    [DictionaryFact]
    public void Vocabulary_of_words_is_read_with_jieba()
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("vocab.txt", Words);

        using var checkpoint = EncoderCheckpoint.Load(directory.Path);

        var tokenizer = Assert.IsType<JiebaTextTokenizer>(checkpoint.Tokenizer);
        Assert.Equal([6, 7], tokenizer.Tokenize("天气明天").Ids[..2]);
        Assert.Equal(true, tokenizer.Settings.LowerCase);
        Assert.Empty(checkpoint.Warnings);
        Assert.Equal(tokenizer.Settings, EncoderCheckpoint.LoadTokenizer(directory.Path).Settings);
    }

    [Fact]
    public void Vocabulary_of_words_is_cut_into_characters_with_a_warning_where_there_is_no_dictionary()
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("vocab.txt", Words);
        var warnings = new List<string>();

        var tokenizer = CheckpointTokenizer.Read(directory.Path, new(), warnings, hasDictionary: false);

        Assert.IsType<WordPieceTextTokenizer>(tokenizer);
        Assert.Equal([1, 5], tokenizer.Tokenize("明天").Ids);
        var warning = Assert.Single(warnings);
        Assert.Contains("2 of the 8 entries are Chinese words, which the pre-training cut with jieba", warning, StringComparison.Ordinal);
        Assert.Contains("jieba.NET (eng/setup.sh asks), or a checkpoint for characters ('…_char_…')", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "tokenizer_class": "BertTokenizer" }""", Words)]
    [InlineData("""{ "tokenizer_class": "BertTokenizerFast" }""", Words)]
    [InlineData("""{ "tokenize_chinese_chars": false }""", Words)]
    [InlineData("""{ "tokenizer_class": "RoFormerTokenizer" }""", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n天\n气")]
    public void What_the_configuration_says_comes_before_the_vocabulary(string config, string vocabulary)
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("vocab.txt", vocabulary);
        directory.Write("tokenizer_config.json", config);

        using var checkpoint = EncoderCheckpoint.Load(directory.Path);

        Assert.IsType<WordPieceTextTokenizer>(checkpoint.Tokenizer);
        Assert.Empty(checkpoint.Warnings);
    }

    [DictionaryFact]
    public void A_tokenizer_asked_for_by_name_comes_before_both()
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("vocab.txt", Words);
        directory.Write("tokenizer_config.json", """{ "do_lower_case": false }""");

        using var characters = EncoderCheckpoint.Load(directory.Path, new() { Tokenizer = "wordpiece" });
        using var words = EncoderCheckpoint.Load(directory.Path, new() { Tokenizer = "jieba", LowerCase = true });

        Assert.Equal(new WordPieceTextTokenizer.Options { LowerCase = false, StripAccents = false }, characters.Tokenizer.Settings);
        Assert.Empty(characters.Warnings);
        Assert.Equal(new JiebaTextTokenizer.Options { LowerCase = true, StripAccents = true }, words.Tokenizer.Settings);
        Assert.Contains("'Tiger'", Assert.Throws<ArgumentException>(() => EncoderCheckpoint.Load(directory.Path, new() { Tokenizer = "Tiger" })).Message, StringComparison.Ordinal);
    }

    [DictionaryFact]
    public void Saved_checkpoint_is_read_with_the_tokenizer_it_was_saved_with()
    {
        using var directory = CheckpointDirectory.Tiny();
        using var checkpoint = EncoderCheckpoint.Load(directory.Path);
        string[] characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "天", "气"];
        foreach (ITextTokenizer tokenizer in (ITextTokenizer[])[
            new JiebaTextTokenizer(characters, new() { LowerCase = false }), new JiebaTextTokenizer(Words.Split('\n')), new WordPieceTextTokenizer(Words.Split('\n'))])
        {
            EncoderCheckpoint.Save(directory.Path, checkpoint.Encoder, tokenizer);
            using var again = EncoderCheckpoint.Load(directory.Path);
            Assert.Equal((tokenizer.GetType(), tokenizer.Settings), (again.Tokenizer.GetType(), again.Tokenizer.Settings));
            Assert.Empty(again.Warnings);
        }
    }

    [Fact]
    public void Another_way_of_cutting_words_is_refused()
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("tokenizer_config.json", """{ "word_segmentation": "pkuseg" }""");

        var message = Assert.Throws<DataFormatException>(() => EncoderCheckpoint.Load(directory.Path)).Message;
        Assert.Contains("the setting 'word_segmentation' is not supported", message, StringComparison.Ordinal);
        Assert.Contains("\"jieba\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokenizer_without_basic_tokenization_is_refused()
    {
        using var directory = CheckpointDirectory.Tiny();
        directory.Write("tokenizer_config.json", """{ "do_basic_tokenize": false }""");

        Assert.Contains("the setting 'do_basic_tokenize' is not supported", Assert.Throws<DataFormatException>(() => EncoderCheckpoint.Load(directory.Path)).Message, StringComparison.Ordinal);
    }
}
