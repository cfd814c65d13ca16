using System.Globalization;
using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Tokenizers;

namespace MLPipelines.Checkpoints;

/// <summary>The tokenizer of a checkpoint: <c>vocab.txt</c>, with the settings in <c>tokenizer_config.json</c> where there is one.</summary>
/// <remarks>
/// Hugging Face names one class, <c>RoFormerTokenizer</c>, for vocabularies of words and of characters, though only the former were pretrained on words. So the vocabulary decides,
/// unless the file says <c>BertTokenizer</c>, or has the key of our own that <see cref="Write"/> adds.
/// </remarks>
static class CheckpointTokenizer
{
    const string Segmentation = "word_segmentation";
    const string Jieba = "jieba";

    public static ITextTokenizer Read(string directory, LoadOptions options, List<string> warnings) => Read(directory, options, warnings, JiebaDictionary.IsBuiltIn);

    /// <summary>The same in a build with jieba's dictionary, or without.</summary>
    internal static ITextTokenizer Read(string directory, LoadOptions options, List<string> warnings, bool hasDictionary)
    {
        var path = Path.Combine(directory, CheckpointFiles.Vocabulary);
        if (!File.Exists(path)) throw new DataFormatException("the vocabulary is missing", path, expected: "a file with one entry a line");
        var vocabulary = VocabularyFile.Read(path).Entries;
        var settings = Settings(Path.Combine(directory, CheckpointFiles.Tokenizer));
        if (settings?.Flag("do_basic_tokenize") == false) throw settings.Unsupported("do_basic_tokenize", "true");
        if (settings?.Text(Segmentation) is not (null or Jieba)) throw settings.Unsupported(Segmentation, $"\"{Jieba}\"");
        var ofWords = options.Tokenizer is null && IsOfWords(settings, vocabulary);
        if (ofWords && !hasDictionary) warnings.Add(CutIntoCharacters(path, vocabulary));
        return TextTokenizers.Create(vocabulary, options.Tokenizer, ofWords && hasDictionary ? typeof(JiebaTextTokenizer) : typeof(WordPieceTextTokenizer), new()
        {
            ["lowerCase"] = options.LowerCase ?? settings?.Flag("do_lower_case"),
            ["stripAccents"] = settings?.Flag("strip_accents"),
            ["splitChineseCharacters"] = settings?.Flag("tokenize_chinese_chars"),
        });
    }

    public static JsonObject Write(ITextTokenizer tokenizer, int maximumLength)
    {
        var json = tokenizer switch
        {
            WordPieceTextTokenizer { Settings: var settings } => Common("BertTokenizer", settings.LowerCase, settings.StripAccents, settings.SplitChineseCharacters, maximumLength),
            JiebaTextTokenizer { Settings: var settings } => Common("RoFormerTokenizer", settings.LowerCase, settings.StripAccents, splitChineseCharacters: true, maximumLength),
            _ => throw Failures.TokenizerNotWritable(tokenizer.GetType()),
        };
        if (tokenizer is JiebaTextTokenizer) json[Segmentation] = Jieba;
        return json;
    }

    static bool IsOfWords(CheckpointConfig? settings, IReadOnlyList<string> vocabulary)
    {
        if (settings?.Text(Segmentation) is not null) return true;
        var isBert = settings?.Text("tokenizer_class")?.StartsWith("BertTokenizer", StringComparison.Ordinal) == true;
        return !isBert && settings?.Flag("tokenize_chinese_chars") != false && TextTokenizers.IsOfWords(vocabulary);
    }

    static string CutIntoCharacters(string path, IReadOnlyList<string> vocabulary)
        => string.Create(CultureInfo.InvariantCulture, $"{path}: {TextTokenizers.CountWords(vocabulary)} of the {vocabulary.Count} entries are Chinese words, which the pre-training cut with jieba. ")
            + "This build has no jieba dictionary, so text is cut into characters; that works, with less accurate vectors. Use a build made where the NuGet feed serves jieba.NET "
            + "(eng/setup.sh asks), or a checkpoint for characters ('…_char_…').";

    static JsonObject Common(string tokenizerClass, bool? lowerCase, bool? stripAccents, bool splitChineseCharacters, int maximumLength) => new()
    {
        ["tokenizer_class"] = tokenizerClass,
        ["do_lower_case"] = lowerCase,
        ["do_basic_tokenize"] = true,
        ["strip_accents"] = stripAccents,
        ["tokenize_chinese_chars"] = splitChineseCharacters,
        ["model_max_length"] = maximumLength,
        ["cls_token"] = "[CLS]",
        ["sep_token"] = "[SEP]",
        ["pad_token"] = "[PAD]",
        ["unk_token"] = "[UNK]",
        ["mask_token"] = "[MASK]",
    };

    static CheckpointConfig? Settings(string path) => File.Exists(path) ? CheckpointConfig.Read(path) : null;
}
