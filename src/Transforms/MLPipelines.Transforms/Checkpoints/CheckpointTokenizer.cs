using System.Globalization;
using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Tokenizers;

namespace MLPipelines.Checkpoints;

/// <summary>The tokenizer of a checkpoint: <c>vocab.txt</c>, with the settings in <c>tokenizer_config.json</c> where there is one.</summary>
static class CheckpointTokenizer
{
    // A few words among characters, such as the names of months in a mixed vocabulary, do not make it one of words.
    const double ShareOfWords = 0.02;

    public static WordPieceTextTokenizer Read(string directory, bool? lowerCase, List<string> warnings)
    {
        var path = Path.Combine(directory, CheckpointFiles.Vocabulary);
        if (!File.Exists(path)) throw new DataFormatException("the vocabulary is missing", path, expected: "a file with one entry a line");
        var settings = Settings(Path.Combine(directory, CheckpointFiles.Tokenizer));
        var options = new WordPieceTextTokenizer.Options
        {
            LowerCase = lowerCase ?? settings?.Flag("do_lower_case"), StripAccents = settings?.Flag("strip_accents"),
            SplitChineseCharacters = settings?.Flag("tokenize_chinese_chars") ?? true,
        };
        var tokenizer = WordPieceTextTokenizer.FromFile(path, options);
        if (settings?.Flag("do_basic_tokenize") == false) throw settings.Unsupported("do_basic_tokenize", "true");
        var words = tokenizer.Vocabulary.Count(IsChineseWord);
        if (words > ShareOfWords * tokenizer.Vocabulary.Count)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {words} of the {tokenizer.Vocabulary.Count} entries are Chinese words, which the pre-training cut with jieba. ")
                + "Here such text is cut into characters; that works, with less accurate vectors. Checkpoints for characters ('…_char_…') are read exactly.");
        }

        return tokenizer;
    }

    public static JsonObject Write(ITextTokenizer tokenizer, int maximumLength)
    {
        if (tokenizer is not WordPieceTextTokenizer { Settings: var settings }) throw Failures.TokenizerNotWritable(tokenizer.GetType());
        return new()
        {
            ["tokenizer_class"] = "BertTokenizer",
            ["do_lower_case"] = settings.LowerCase,
            ["do_basic_tokenize"] = true,
            ["strip_accents"] = settings.StripAccents,
            ["tokenize_chinese_chars"] = settings.SplitChineseCharacters,
            ["model_max_length"] = maximumLength,
            ["cls_token"] = "[CLS]",
            ["sep_token"] = "[SEP]",
            ["pad_token"] = "[PAD]",
            ["unk_token"] = "[UNK]",
            ["mask_token"] = "[MASK]",
        };
    }

    static CheckpointConfig? Settings(string path) => File.Exists(path) ? CheckpointConfig.Read(path) : null;

    static bool IsChineseWord(string entry) => entry.Length >= 2 && entry.All(character => character is >= '\u4E00' and <= '\u9FFF');
}
