using System.IO.Compression;
using System.Text.Json.Nodes;
using MLPipelines.Tokenizers;

namespace MLPipelines.Host.Tests;

/// <summary>Models of a vocabulary of Chinese words, by the tool.</summary>
[Collection(ToolCollection.Name)]
public sealed class WordTokenizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-word-tests-").FullName;
    private readonly string _vocabulary;
    private readonly string _texts;

    public WordTokenizerTests()
    {
        (_vocabulary, _texts) = (Path.Combine(_folder, "vocab.txt"), Path.Combine(_folder, "texts.txt"));
        File.WriteAllText(_vocabulary, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n今\n天\n气\n好\n今天\n天气\n今天天气\n非常\n北京\n大学\n");
        File.WriteAllText(_texts, "今天天气非常好\n天气好，今天非常好\n北京大学\n");
    }

    [WordsFact]
    public async Task A_saved_model_cuts_words_in_a_fresh_process_as_before()
    {
        var (model, here, there) = (Path.Combine(_folder, "model.zip"), Path.Combine(_folder, "here.jsonl"), Path.Combine(_folder, "there.jsonl"));
        ToolRun.Of("embed", "--vocab", _vocabulary, "--size", "tiny", "--in", _texts, "--out", here, "--save", model, "--quiet").Succeeded();
        Assert.Equal("tokenizer.jieba.v1", TokenizerOf(model));

        (await ChildProcess.RunTool("embed", model, "--in", _texts, "--out", there, "--quiet")).Succeeded();

        Assert.Equal(File.ReadAllText(here), File.ReadAllText(there));
    }

    [WordsFact]
    public void A_flag_chooses_another_tokenizer_and_the_vectors_differ()
    {
        var (words, characters) = (Path.Combine(_folder, "words.jsonl"), Path.Combine(_folder, "characters.jsonl"));
        var model = Path.Combine(_folder, "characters.zip");
        ToolRun.Of("embed", "--vocab", _vocabulary, "--size", "tiny", "--in", _texts, "--out", words, "--quiet").Succeeded();
        ToolRun.Of("embed", "--vocab", _vocabulary, "--size", "tiny", "--tokenizer", "wordpiece", "--in", _texts, "--out", characters, "--save", model, "--quiet").Succeeded();
        Assert.Equal("tokenizer.wordpiece.v1", TokenizerOf(model));
        Assert.NotEqual(File.ReadAllText(words), File.ReadAllText(characters));
        ToolRun.Of("embed", "--vocab", _vocabulary, "--size", "tiny", "--tokenizer", "yieba", "--in", _texts).FailedWith(Tool.BadInput, "yieba", "tokenizer.jieba.v1");
    }

    [WordsFact]
    public void Pretraining_trains_and_writes_a_checkpoint_of_words()
    {
        var encoder = Path.Combine(_folder, "encoder");
        File.WriteAllLines(_texts, Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "今天天气非常好" : "北京大学天气好"));
        ToolRun.Of("pretrain", "--texts", _texts, "--vocab", _vocabulary, "--layers", "1", "--hidden", "16", "--heads", "2", "--epochs", "1", "--max-length", "16", "--threads", "1", "--out", encoder, "--quiet").Succeeded();
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(encoder, "tokenizer_config.json")))!;
        Assert.Equal(("RoFormerTokenizer", "jieba"), ((string?)settings["tokenizer_class"], (string?)settings["word_segmentation"]));
        Assert.Equal(File.ReadAllText(_vocabulary), File.ReadAllText(Path.Combine(encoder, "vocab.txt")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? TokenizerOf(string model)
    {
        using var zip = ZipFile.OpenRead(model);
        using var stream = zip.Entries.Single(entry => entry.Name == "manifest.json").Open();
        return (string?)JsonNode.Parse(stream)!["options"]!["tokenizer"]!["component"];
    }

    private sealed class WordsFactAttribute : FactAttribute
    {
        public WordsFactAttribute()
        {
            if (TextTokenizers.FromVocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "今天"]) is not IWordTokenizer) Skip = "This build has no jieba dictionary (JiebaDictionary=none).";
        }
    }
}
