using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Persistence;
using MLPipelines.Scoring;
using MLPipelines.Spans;

namespace MLPipelines.Transforms.Tests.Spans;

public sealed class SpanExtractionScorerTests
{
    readonly MLContext _context = new(1);

    [Fact]
    public void Batches_engine_and_single_rows_agree_and_spans_point_into_the_text()
    {
        using var transformer = TinySpans.Transformer();
        var rows = Rows(transformer.Transform(TinySpans.Data(_context)));
        Assert.Equal(TinySpans.Texts, rows.Select(row => row.Text));
        Assert.Contains(rows, row => row.PredictedStart.Length > 1);
        Assert.Empty(rows[3].PredictedStart);
        using var engine = _context.Model.CreatePredictionEngine<TinySpans.Input, TinySpans.Output>(transformer, ownsTransformer());
        foreach (var (input, row) in TinySpans.Inputs().Zip(rows))
        {
            var single = engine.Predict(input);
            Assert.Equal(row.PredictedStart, single.PredictedStart);
            Assert.Equal(row.PredictedEnd, single.PredictedEnd);
            Assert.Equal(row.PredictedLabel, single.PredictedLabel);
            Assert.All(row.Score.Zip(single.Score), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.All(row.Score, score => Assert.True(score > 0.8f));
            for (var i = 0; i < row.PredictedStart.Length; i++)
            {
                Assert.Equal(row.Text[row.PredictedStart[i]..row.PredictedEnd[i]], row.PredictedText[i]);
                Assert.Contains(row.PredictedLabel[i], TinySpans.Labels);
            }
        }

        static PredictionEngineOptions ownsTransformer() => new() { OwnsTransformer = false };
    }

    [Fact]
    public void Other_columns_keep_their_values_although_rows_are_read_ahead()
    {
        using var transformer = TinySpans.Transformer();
        var rows = Rows(transformer.Transform(TinySpans.Data(_context)));
        Assert.Equal(Enumerable.Range(0, TinySpans.Texts.Length).Select(i => (float)i), rows.Select(row => row.Number));
        Assert.Equal(TinySpans.Texts.Select(text => text.Split(' ')), rows.Select(row => row.Words));
    }

    [Fact]
    public void A_saved_model_gives_the_same_spans()
    {
        using var transformer = TinySpans.Transformer();
        var data = TinySpans.Data(_context);
        using var file = new MemoryStream();
        _context.Model.Save(transformer, data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        using var owner = (IDisposable)loaded;
        Assert.Equivalent(Rows(transformer.Transform(data)), Rows(loaded.Transform(data)), strict: true);
    }

    [Fact]
    public void Attachments_travel_with_the_model()
    {
        var tokenizer = TinySpans.Tokenizer();
        using var scorer = new SpanExtractionScorer(tokenizer, TinySpans.Model(tokenizer), TinySpans.Labels, attachments: new Dictionary<string, byte[]> { ["training.json"] = [1, 2] });
        using var loaded = (MLPipelines.Scoring.BatchedTransformer<SpanRow>)SpanExtractionScorer.Load(_context, scorer.Pack());
        Assert.Equal([1, 2], ((SpanExtractionScorer)loaded.Scorer).Attachments["training.json"]);
        Assert.Equal(TinySpans.Labels, ((SpanExtractionScorer)loaded.Scorer).Labels);
    }

    [Fact]
    public void Damaged_packages_are_refused_with_a_message()
    {
        using var transformer = TinySpans.Transformer();
        var package = transformer.Pack();

        Refused("tensor 'head.dense.bias'", Without("head.dense.bias"));
        Refused("fewer weights than its options say", Without("head.dense.weight"));
        Refused("tensor 'extra'", With("extra", package.Tensors["head.dense.bias"]));
        Refused("F32 [48, 32]", With("head.dense.weight", new("F32", [32, 48], package.Tensors["head.dense.weight"].Data)));
        Refused("I64 [48]", With("head.dense.bias", new("I64", [48], new byte[48 * 8])));
        Refused("has no file 'vocab.txt'", new(typeof(SpanExtractionScorer), package.Options, package.Tensors));
        foreach (var part in new[] { "labels", "scoring", "tokenizer", "encoder", "head" })
        {
            var options = package.Options.DeepClone().AsObject();
            options.Remove(part);
            Refused("MLP", new(typeof(SpanExtractionScorer), options, package.Tensors, package.Files));
        }

        var huge = package.Options.DeepClone().AsObject();
        huge["encoder"]!["options"]!["layers"] = 900;
        huge["encoder"]!["options"]!["hiddenSize"] = 65536;
        Refused("fewer weights than its options say", new(typeof(SpanExtractionScorer), huge, package.Tensors, package.Files));

        var types = package.Options.DeepClone().AsObject();
        types["labels"] = new JsonArray([.. Enumerable.Range(0, 200_000).Select(i => JsonValue.Create(i.ToString("x", CultureInfo.InvariantCulture)))]);
        types["head"]!["options"]!["headSize"] = 4096;
        Refused("at least 54067", new(typeof(SpanExtractionScorer), types, package.Tensors, package.Files));
        types["labels"] = new JsonArray("PER", "LOC", "PER");
        types["head"]!["options"]!["headSize"] = 8;
        Refused("'PER' is there twice", new(typeof(SpanExtractionScorer), types, package.Tensors, package.Files));

        ModelPackage With(string name, TensorData tensor) => new(typeof(SpanExtractionScorer), package.Options, new Dictionary<string, TensorData>(package.Tensors) { [name] = tensor }, package.Files);
        ModelPackage Without(string name) => new(typeof(SpanExtractionScorer), package.Options, package.Tensors.Where(tensor => tensor.Key != name).ToDictionary(), package.Files);
        void Refused(string message, ModelPackage bad) => Assert.Contains(message, Assert.Throws<InvalidDataException>(() => SpanExtractionScorer.Load(_context, bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_computes_where_its_options_say_and_where_there_is_no_such_device_on_what_there_is()
    {
        using var transformer = TinySpans.Transformer();
        var package = transformer.Pack();
        Assert.Equal("auto", (string?)package.Options["scoring"]!["device"]);
        var old = Device(null);
        using (var loaded = (BatchedTransformer<SpanRow>)SpanExtractionScorer.Load(_context, old))
            Assert.Equivalent(Rows(transformer.Transform(TinySpans.Data(_context))), Rows(loaded.Transform(TinySpans.Data(_context))), strict: true);
        using (var loaded = (BatchedTransformer<SpanRow>)SpanExtractionScorer.Load(_context, Device("cuda:99")))
            Assert.Equal("auto", (string?)loaded.Pack().Options["scoring"]!["device"]);
        using (var loaded = (BatchedTransformer<SpanRow>)SpanExtractionScorer.Load(_context, Device("cpu")))
            Assert.Equal("cpu", (string?)loaded.Pack().Options["scoring"]!["device"]);
        Assert.Contains("cuda:N", Assert.Throws<InvalidDataException>(() => SpanExtractionScorer.Load(_context, Device("gpu"))).Message, StringComparison.Ordinal);

        var tokenizer = TinySpans.Tokenizer();
        using var model = TinySpans.Model(tokenizer);
        Assert.Contains("'cuda:99'", Assert.Throws<InvalidOperationException>(() => new SpanExtractionScorer(tokenizer, model, TinySpans.Labels, new() { Device = "cuda:99" })).Message, StringComparison.Ordinal);

        ModelPackage Device(string? name)
        {
            var options = package.Options.DeepClone().AsObject();
            options["scoring"]!.AsObject().Remove("device");
            if (name is not null) options["scoring"]!["device"] = name;
            return new(typeof(SpanExtractionScorer), options, package.Tensors, package.Files);
        }
    }

    [Fact]
    public void A_description_is_the_package_without_copies_of_the_weights()
    {
        using var transformer = TinySpans.Transformer();
        var (package, description) = (transformer.Pack(), ((IPackable)transformer).Describe());
        Assert.Equal((package.ComponentId, package.AssemblyName, package.LibraryVersion), (description.ComponentId, description.AssemblyName, description.LibraryVersion));
        Assert.True(JsonNode.DeepEquals(package.Options, description.Options));
        Assert.Equal(package.Files["vocab.txt"], description.Files["vocab.txt"]);
        Assert.Equal(package.Tensors.Keys.Order(), description.Tensors.Keys.Order());
        foreach (var (name, tensor) in package.Tensors)
        {
            var bytes = new byte[tensor.Data.Length];
            description.Tensors[name].Read((piece, offset) => piece.CopyTo(bytes.AsSpan((int)offset)));
            Assert.Equal(tensor.Data.ToArray(), bytes);
            Assert.Equal(tensor.DType, description.Tensors[name].DType);
            Assert.Equal(tensor.Shape, description.Tensors[name].Shape);
        }

        var weights = package.Tensors.Values.Sum(tensor => (long)tensor.Data.Length);
        Assert.True(Allocated(() => transformer.Pack()) - Allocated(() => transformer.Describe()) > weights * 9 / 10);

        static long Allocated(Action action)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void A_missing_text_column_is_named()
    {
        using var transformer = TinySpans.Transformer(new() { TextColumn = "Sentence" });
        Assert.Contains("'Sentence'", Assert.Throws<ArgumentOutOfRangeException>(() => transformer.Transform(TinySpans.Data(_context))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scoring_after_disposal_says_so()
    {
        var transformer = TinySpans.Transformer();
        var view = transformer.Transform(TinySpans.Data(_context));
        var engine = _context.Model.CreatePredictionEngine<TinySpans.Input, TinySpans.Output>(transformer);
        transformer.Dispose();
        transformer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Rows(view));
        Assert.Throws<ObjectDisposedException>(() => transformer.Transform(TinySpans.Data(_context)));
        Assert.Throws<ObjectDisposedException>(() => engine.Predict(new() { Text = "the fox" }));
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        var tokenizer = TinySpans.Tokenizer();
        using var model = TinySpans.Model(tokenizer);
        Assert.Contains("labels do not fit", Assert.Throws<ArgumentException>(() => new SpanExtractionScorer(tokenizer, model, ["A"])).Message, StringComparison.Ordinal);
        var larger = WordPieceTextTokenizerOf([.. tokenizer.Vocabulary, "extra"]);
        Assert.Contains("vocabulary is larger", Assert.Throws<ArgumentException>(() => new SpanExtractionScorer(larger, model, TinySpans.Labels)).Message, StringComparison.Ordinal);

        static MLPipelines.Tokenizers.WordPieceTextTokenizer WordPieceTextTokenizerOf(string[] vocabulary) => MLPipelines.Tokenizers.WordPieceTextTokenizer.FromVocabulary(vocabulary);
    }

    List<TinySpans.Output> Rows(IDataView view) => [.. _context.Data.CreateEnumerable<TinySpans.Output>(view, reuseRowObject: false)];
}
