using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Embeddings;
using MLPipelines.Encoders;
using MLPipelines.Host.Models;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class EmbedTests : IDisposable
{
    private const string Architecture = """{"component": "roformer", "options": {"layers": 1, "hiddenSize": 8, "heads": 2, "maximumLength": 16}}""";

    private static readonly string[] s_lines = ["上海的天气很好", "", "  a tab\tinside ", "\"quoted\"", "😀 北京"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-embed-tests-").FullName;
    private readonly string _vocabulary;
    private readonly string _model;

    public EmbedTests()
    {
        _vocabulary = FileOf("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n上\n海\n的\n天\n气\n很\n好\n北\n京\na\nb\nc\n");
        _model = Path.Combine(_folder, "model.zip");
        var context = new MLContext(1);
        var data = RowScoring.Load(context, "Text", []);
        var encoder = SentenceEncoder.WithRandomWeights(_vocabulary, EncoderSize.Tiny, Components.ComponentReference.Parse(Architecture));
        using var model = context.Transforms.Text.EmbedWithRoFormer("Vector", "Text", encoder, new() { LookAhead = 4 }).Fit(data);
        context.Model.Save(model, data.Schema, _model);
    }

    [Fact]
    public void Plain_lines_have_their_vectors_in_their_places()
    {
        var answers = ToolRun.Of(["embed", _model], string.Join("\r\n", s_lines)).Succeeded().OutputLines;
        Assert.Equal(s_lines, answers.Select(answer => (string)answer["text"]!));
        Assert.All(answers, answer => Assert.Equal(8, answer["vector"]!.AsArray().Count));
    }

    [Fact]
    public void JSON_lines_keep_their_fields_and_bad_ones_their_places()
    {
        string[] lines = [.. Enumerable.Range(0, 23).Select(i => i % 5 == 3 ? "{bad" : new JsonObject { ["id"] = i, ["text"] = s_lines[i % 5], ["vector"] = "x" }.ToJsonString())];
        var run = ToolRun.Of(["embed", _model], string.Join('\n', lines)).Succeeded();
        Assert.Equal(lines.Length, run.OutputLines.Count);
        for (var i = 0; i < lines.Length; i++)
        {
            var answer = run.OutputLines[i];
            if (i % 5 == 3)
            {
                Assert.Contains($"line {i + 1}", (string)answer["error"]!, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal((i, s_lines[i % 5], "x"), ((int)answer["id"]!, (string)answer["text"]!, (string)answer["input_vector"]!));
                Assert.Equal(8, answer["vector"]!.AsArray().Count);
            }
        }

        Assert.Contains("rows/s", run.Error, StringComparison.Ordinal);
        ToolRun.Of(["embed", _model, "--strict"], string.Join('\n', lines)).FailedWith(Tool.BadInput, "line 4");
    }

    [Theory]
    [InlineData("x.tsv", "id\tsentence\tn\n1\t\"上海\t5\n2\tbad\n3\t北京\t6\n", "\"上海")]
    [InlineData("x.csv", "id,sentence,n\n1,\"上,\"\"海\"\"\",5\n2,\"open,1\n3,北京,6", "上,\"海\"")]
    public void Tables_are_read_by_their_header(string name, string content, string first)
    {
        var answers = ToolRun.Of("embed", _model, "--in", FileOf(name, content), "--text-column", "sentence").Succeeded().OutputLines;
        Assert.Equal(3, answers.Count);
        Assert.Equal(("1", first, "5"), ((string)answers[0]["id"]!, (string)answers[0]["sentence"]!, (string)answers[0]["n"]!));
        Assert.Equal(8, answers[0]["vector"]!.AsArray().Count);
        Assert.Contains("line 3", (string)answers[1]["error"]!, StringComparison.Ordinal);
        Assert.Equal("北京", (string)answers[2]["sentence"]!);
        ToolRun.Of("embed", _model, "--in", FileOf(name, content)).FailedWith(Tool.BadInput, name, "line 1", "'sentence'", "--text-column");
    }

    [Fact]
    public void Lines_that_are_no_UTF8_are_bad()
    {
        var path = Path.Combine(_folder, "latin.txt");
        File.WriteAllBytes(path, [(byte)'a', (byte)'\n', 0xE9, (byte)'\n', (byte)'b']);
        var answers = ToolRun.Of("embed", _model, "--in", path).Succeeded().OutputLines;
        Assert.Equal([true, false, true], answers.Select(answer => answer["vector"] is not null));
        Assert.Contains("UTF-8", (string)answers[1]["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_weights_follow_the_seed_and_are_saved()
    {
        var saved = Path.Combine(_folder, "saved.zip");
        string[] random = ["embed", "--vocab", _vocabulary, "--size", "tiny", "--pooling", "last-average", "--normalize"];
        var first = ToolRun.Of([.. random, "--in", FileOf("a.txt", "上海\n北京\n"), "--save", saved]).Succeeded();
        var again = ToolRun.Of(random, "上海\n北京\n").Succeeded();
        var other = ToolRun.Of([.. random, "--seed", "2"], "上海\n北京\n").Succeeded();
        Assert.Equal(first.Output, again.Output);
        Assert.NotEqual(first.Output, other.Output);
        Assert.Equal(1, first.OutputLines[0]["vector"]!.AsArray().Sum(x => (double)x! * (double)x!), 1e-5);
        Assert.Equal(first.Output, ToolRun.Of(["embed", saved], "上海\n北京\n").Succeeded().Output);
    }

    [Fact]
    public void Save_with_an_output_reads_standard_input()
    {
        var (saved, vectors) = (Path.Combine(_folder, "saved.zip"), Path.Combine(_folder, "vectors.jsonl"));
        ToolRun.Of(["embed", _model, "--save", saved, "--out", vectors], "上海\n北京\n").Succeeded();
        Assert.True(File.Exists(saved));
        Assert.Equal(2, File.ReadAllLines(vectors).Length);
    }

    [Fact]
    public void Save_alone_reads_no_input()
    {
        var saved = Path.Combine(_folder, "saved.zip");
        Assert.Empty(ToolRun.Of(["embed", "--vocab", _vocabulary, "--size", "tiny", "--save", saved], "上海").Succeeded().Output);
        Assert.True(File.Exists(saved));
    }

    [Fact]
    public void How_a_saved_model_computes_can_be_changed_but_not_what()
    {
        var expected = ToolRun.Of(["embed", _model], string.Join('\n', s_lines)).Succeeded().OutputLines;
        var changed = ToolRun.Of(["embed", _model, "--batch", "2", "--dtype", "bfloat16", "--device", "cpu", "--look-ahead", "3"], string.Join('\n', s_lines)).Succeeded().OutputLines;
        Assert.All(expected.Zip(changed), pair => Assert.All(
            pair.First["vector"]!.AsArray().Zip(pair.Second["vector"]!.AsArray()), numbers => Assert.Equal((double)numbers.First!, (double)numbers.Second!, 0.1)));
        Assert.NotEqual(expected.Select(answer => answer.ToJsonString()), changed.Select(answer => answer.ToJsonString()));
        ToolRun.Of(["embed", _model, "--pooling", "cls"], "a").FailedWith(Tool.BadInput, "--pooling", "saved model");
        ToolRun.Of(["embed", _model, "--vocab", _vocabulary], "a").FailedWith(Tool.BadInput, "--vocabulary-path", "saved model");
    }

    [Fact]
    public void Any_model_that_ends_in_a_vector_will_do()
    {
        var context = new MLContext(1);
        using var embedding = (IDisposable)context.Model.Load(_model, out _);
        var data = RowScoring.Load(context, "Sentence", []);
        var pipeline = context.Transforms.CopyColumns("Text", "Sentence").Append(new Fitted((ITransformer)embedding)).Append(context.Transforms.Concatenate("Twice", "Vector", "Vector"));
        var path = Path.Combine(_folder, "chain.zip");
        // Other columns of the training data are in the file, the model does without them.
        var titled = context.Transforms.CopyColumns("Title", "Sentence").Fit(data).Transform(data);
        context.Model.Save(pipeline.Fit(data), titled.Schema, path);
        var twice = Assert.Single(ToolRun.Of(["embed", path], "上海").Succeeded().OutputLines)["vector"]!.AsArray();
        var once = Assert.Single(ToolRun.Of(["embed", path, "--output-column", "Vector", "--batch", "1"], "上海").Succeeded().OutputLines)["vector"]!.AsArray();
        Assert.Equal(twice.Take(8).Select(x => (float)x!), once.Select(x => (float)x!));
        Assert.Equal(16, twice.Count);
        ToolRun.Of(["embed", path, "--output-column", "Nothing"], "a").FailedWith(Tool.BadInput, "'Nothing'", "Twice");
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        ToolRun.Of(["embed"], "a").FailedWith(Tool.BadInput, "no encoder", "--vocab");
        ToolRun.Of(["embed", Path.Combine(_folder, "nothing")], "a").FailedWith(Tool.BadInput, "nothing", "no such");
        ToolRun.Of(["embed", _folder], "a").FailedWith(Tool.BadInput, "config.json");
        ToolRun.Of(["embed", _folder, "--vocab", _vocabulary], "a").FailedWith(Tool.BadInput, "--vocabulary-path", "is a checkpoint");
        ToolRun.Of(["embed", _folder, "--seed", "2"], "a").FailedWith(Tool.BadInput, "--seed", _folder);
        ToolRun.Of(["embed", _model, "--seed", "2"], "a").FailedWith(Tool.BadInput, "--seed", _model);
        ToolRun.Of(["embed", "--vocab", Path.Combine(_folder, "none.txt")], "a").FailedWith(Tool.BadInput, "none.txt", "does not exist");
        ToolRun.Of(["embed", _vocabulary], "a").FailedWith(Tool.BadInput, "not a readable model");
        ToolRun.Of("embed", _model, "--in", Path.Combine(_folder, "none.txt")).FailedWith(Tool.BadInput, "none.txt");
    }

    [Fact]
    public void Input_is_read_no_further_ahead_than_batches_need()
    {
        using var source = EmbeddingSource.Open(_model, new(), [], seed: null);
        var read = 0;
        var rows = Enumerable.Range(1, 100_000).Select(i =>
        {
            read++;
            return new InputRow(i, new JsonObject(), "上海", null);
        });
        using var answers = VectorRows.Run(source, rows).GetEnumerator();
        Assert.True(answers.MoveNext());
        Assert.InRange(read, 1, 20);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FileOf(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Puts a fitted transformer into a pipeline.</summary>
    private sealed class Fitted(ITransformer transformer) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => transformer;

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => new SentenceEmbeddingEstimator(new MLContext(), new() { Encoder = new() { Checkpoint = "unused" } }).GetOutputSchema(inputSchema);
    }
}
