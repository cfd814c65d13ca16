using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.ML;
using MLPipelines.Embeddings;
using MLPipelines.Host.Models;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class WhitenTests : IDisposable
{
    private const string Architecture = """{"component": "roformer", "options": {"layers": 1, "hiddenSize": 8, "heads": 2, "maximumLength": 32}}""";

    private static readonly string[] s_words = ["上", "海", "的", "天", "气", "很", "好", "北", "京", "a", "b", "c"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-whiten-tests-").FullName;
    private readonly string _vocabulary;
    private readonly string _pairs;
    private readonly string _corpus;

    public WhitenTests()
    {
        var random = new Random(1);
        _vocabulary = FileOf("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + string.Join('\n', s_words) + "\n");
        _corpus = FileOf("corpus.txt", string.Join('\n', Enumerable.Range(0, 60).Select(_ => Sentence(random))));
        var rows = Enumerable.Range(0, 40).Select(i => (First: Sentence(random), Second: Sentence(random), Same: i % 2)).Select((row, i) => $"{i}\t{row.First}\t{(row.Same == 1 ? row.First + "好" : row.Second)}\t{row.Same}");
        _pairs = FileOf("pairs.tsv", "id\tsentence1\tsentence2\tlabel\n" + string.Join('\n', rows) + "\n40\tNS\t上海\t1\n41\t上海\tNS\t0\n");
    }

    [Fact]
    public void The_grid_is_printed_and_drawn_and_the_best_model_is_saved()
    {
        var model = Path.Combine(_folder, "similarity.zip");
        var run = Whiten(model, "--corpus", _corpus, "--drop", "NS").Succeeded();
        Assert.Contains("k = 4 ", run.Output, StringComparison.Ordinal);
        Assert.Contains("best *", run.Output, StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Load(Path.ChangeExtension(model, ".svg")).Root!.Name.LocalName);

        // The saved model gives the score that the search found.
        var json = JsonNode.Parse(Whiten(model, "--corpus", _corpus, "--drop", "NS", "--json", "--heatmap", Path.Combine(_folder, "map.svg")).Succeeded().Output)!;
        Assert.True(File.Exists(Path.Combine(_folder, "map.svg")));
        Assert.Equal((40, 140), ((int)json["support"]!, (int)json["vectors"]!));
        var kept = FileOf("kept.tsv", string.Join('\n', File.ReadAllLines(_pairs).Where(line => !line.Contains("NS", StringComparison.Ordinal))));
        var metrics = JsonNode.Parse(ToolRun.Of(["evaluate", model, "--data", kept, "--json"]).Succeeded().Output)!;
        Assert.Equal((double)json["spearman"]!, (double)metrics["spearman"]!, 1e-3);
        Assert.Equal((double)json["pearson"]!, (double)metrics["pearson"]!, 1e-4);
        Assert.Equal(metrics.ToJsonString(), ToolRun.Of(["evaluate", model, "--data", _pairs, "--drop", "NS", "--json"]).Succeeded().Output.Trim());
        Assert.Equal(42, (int)JsonNode.Parse(ToolRun.Of(["evaluate", model, "--data", _pairs, "--json"]).Succeeded().Output)!["support"]!);
        // One dimension can make all cosines equal, which correlate with nothing.
        Assert.Contains(json["trials"]!.AsArray(), trial => trial!["spearman"] is { } value && (double)value == (double)json["spearman"]!);

        // It is an ordinary ML.NET model, whose vectors have the chosen size.
        var vector = ToolRun.Of(["embed", model], "上海").Succeeded().OutputLines[0]["vector"]!.AsArray();
        Assert.Equal((int)json["dimensions"]!, vector.Count);
        Assert.Equal(vector.ToJsonString(), ToolRun.Of(["predict", model], "{\"text\": \"上海\"}").Succeeded().OutputLines[0]["vector"]!.ToJsonString());
    }

    [Fact]
    public void A_saved_model_is_whitened_on_the_given_grid_and_evaluated_as_it_is()
    {
        var embedder = Path.Combine(_folder, "embedder.zip");
        var context = new MLContext(1);
        var data = RowScoring.Load(context, "Text", []);
        using (var model = context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.WithRandomWeights(_vocabulary, Encoders.EncoderSize.Tiny, Components.ComponentReference.Parse(Architecture))).Fit(data))
        {
            context.Model.Save(model, data.Schema, embedder);
        }

        var json = FileOf("pairs.jsonl", string.Join('\n', File.ReadAllLines(_pairs).Skip(1).Select(line => line.Split('\t')).Select(fields =>
            new JsonObject { ["text1"] = fields[1], ["text2"] = fields[2], ["score"] = double.Parse(fields[3], null) }.ToJsonString())));
        var output = Path.Combine(_folder, "again.zip");
        var run = ToolRun.Of(["whiten", embedder, "--pairs", json, "--betas", "0,1", "--gammas", "0.5", "--dimensions", "2, 4", "--out", output, "--json"]).Succeeded();
        var result = JsonNode.Parse(run.Output)!;
        Assert.Equal(4, result["trials"]!.AsArray().Count);
        var before = JsonNode.Parse(ToolRun.Of(["evaluate", embedder, "--data", json, "--json"]).Succeeded().Output)!;
        Assert.Equal((double)before["spearman"]!, (double)result["not_whitened"]!["spearman"]!, 1e-9);
    }

    [Fact]
    public void Wrong_input_is_named_with_its_place()
    {
        var model = Path.Combine(_folder, "none.zip");
        Fails("no rows", "id\ttext1\ttext2\tscore");
        ToolRun.Of("whiten", "--vocab", _vocabulary, "--size", "tiny", "--pairs", FileOf("ns.tsv", "text1\ttext2\tscore\nNS\ta\t1"), "--drop", "NS", "--out", model).FailedWith(Tool.BadInput, "ns.tsv", "every row is left out", "--drop", "'NS' in all 1 rows");
        Fails("line 3", "text1\ttext2\tscore\na\tb\t1\na\tb");
        Fails("line 2, column 5). Expected: a number. Got: 'x'", "text1\ttext2\tscore\na\tb\tx");
        Fails("no column 'text2' or 'sentence2'", "text1\tscore\na\t1");
        ToolRun.Of(["whiten", "--pairs", _pairs, "--out", model]).FailedWith(Tool.BadInput, "found no encoder");
        Whiten(model, "--betas", "0,x").FailedWith(Tool.BadInput, "--betas: found 0,x");
        Whiten(model, "--gammas", "2").FailedWith(Tool.BadInput, "--gammas: found 2, expected numbers from 0 to 1");
        Whiten(model, "--dimensions", "4,0").FailedWith(Tool.BadInput, "--dimensions", "at least 1");
        Whiten(model, "--corpus", _corpus, "--corpus-rows", "0").FailedWith(Tool.BadInput, "--corpus-rows", "found 0");
        Whiten(Path.Combine(_folder, "same.svg")).FailedWith(Tool.BadInput, "--out", "--heatmap");
        Fails("at least two pairs, with scores that differ", "text1\ttext2\tscore\na\tb\t1\nc\td\t1");
        Whiten(model, "--corpus", Path.Combine(_folder, "absent.txt")).FailedWith(Tool.BadInput, "the corpus does not exist");
        Assert.False(File.Exists(model));
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));

        void Fails(string message, string content) =>
            ToolRun.Of(["whiten", "--vocab", _vocabulary, "--architecture", Architecture, "--pairs", FileOf("bad.tsv", content), "--out", model]).FailedWith(Tool.BadInput, message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ToolRun Whiten(string model, params string[] more) =>
        ToolRun.Of(["whiten", "--vocab", _vocabulary, "--size", "tiny", "--architecture", Architecture, "--pairs", _pairs, "--out", model, .. more]);

    private static string Sentence(Random random) => string.Concat(Enumerable.Range(0, 3 + random.Next(8)).Select(_ => s_words[random.Next(s_words.Length)]));

    private string FileOf(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
