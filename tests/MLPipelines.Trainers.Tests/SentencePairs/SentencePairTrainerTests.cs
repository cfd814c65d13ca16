using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Embeddings;
using MLPipelines.Persistence;
using MLPipelines.Scoring;
using MLPipelines.SentencePairs;
using MLPipelines.Testing;
using MLPipelines.Trainers.SentencePairs;
using MLPipelines.Trainers.Training;
using Xunit;

namespace MLPipelines.Trainers.Tests.SentencePairs;

static class Pairs
{
    static readonly (string First, string Second, float Score)[] s_kinds =
    [
        ("the cat sleeps", "a cat is asleep", 5), ("the cat sleeps", "the train leaves at noon", 0), ("the train leaves at noon", "the train goes at twelve", 4),
        ("a dog barks", "the cat sleeps", 1), ("a dog barks", "the dog is barking", 5), ("the train goes at twelve", "a cat is asleep", 0),
    ];

    public static SentencePairRow[] Rows(int count = 12) => [.. Enumerable.Range(0, count).Select(i => s_kinds[i % 6] is var (first, second, score) ? new SentencePairRow { Text = $"{first} {i / 6}", SecondText = second, Score = score } : null!)];
}

[ContractOf(typeof(SentencePairTrainer))]
public sealed class SentencePairTrainerContract : EstimatorContractTests
{
    readonly SentencePairTrainer.Options options = SentencePairTrainerTests.Tiny with { Epochs = 2 };

    protected override ContractCase Case => new(
        create: (ml, token) => ml.SentencePairs().Trainers.RoFormer(options with { CancellationToken = token }),
        data: ml => ml.Data.LoadFromEnumerable(Pairs.Rows()),
        required: ["Text"])
    {
        RequiredForFit = ["SecondText", "Score"],
        MaximumLookahead = 1024,
        Options = () => options,
        CreateOnDevice = (ml, device) => ml.SentencePairs().Trainers.RoFormer(options with { Device = device }),
    };
}

[Collection(ContractCollection.Name)]
public sealed class SentencePairTrainerTests
{
    internal static readonly SentencePairTrainer.Options Tiny = new()
    {
        Layers = 1, HiddenSize = 16, Heads = 2, Dropout = 0.05, Epochs = 1, BatchSize = 6, LearningRate = 0.01, Seed = 1, MaximumLength = 16, WindowOverlap = 4, Device = "cpu", Threads = 1,
    };

    readonly MLContext ml = new(1);

    IDataView View(IEnumerable<SentencePairRow> rows) => ml.Data.LoadFromEnumerable(rows);

    BatchedTransformer<SentenceRow> Fit(SentencePairTrainer.Options options, IEnumerable<SentencePairRow> rows) => ml.SentencePairs().Trainers.RoFormer(options).Fit(View(rows));

    [Fact]
    public async Task Cosines_follow_the_scores_and_the_model_is_a_sentence_embedding()
    {
        TrainingReport? report = null;
        using var model = Fit(Tiny with { HiddenSize = 32, Epochs = 80, Dropout = 0, ValidationData = View(Pairs.Rows()), Normalize = true, Completed = r => report = r }, Pairs.Rows());
        var metrics = ml.SentencePairs().Evaluate(model, View(Pairs.Rows()));
        Assert.True(metrics.Spearman > 0.85, $"{metrics}");
        Assert.Equal(12, metrics.Count);
        Assert.Equal(report!.Best!.Value, metrics.Spearman, 1e-9);
        Assert.Equal(["Spearman", "Pearson"], report.Best.All.Keys);

        // What ML.NET saves and loads gives the same vectors, of length 1 as asked for, also as an embedding generator.
        using var stream = new MemoryStream();
        ml.Model.Save(model, View([]).Schema, stream);
        using var generator = new MLContext().Model.Load(stream, out _).AsEmbeddingGenerator();
        var vectors = await generator.GenerateAsync(["the cat sleeps 0", "a cat is asleep"]);
        Assert.Equal(32, vectors[0].Vector.Length);
        Assert.Equal(1, Math.Sqrt(vectors[0].Vector.ToArray().Sum(x => (double)x * x)), 1e-5);
        var expected = model.Transform(View(Pairs.Rows(1))).GetColumn<float[]>("Vector").Single();
        Assertions.Close([.. expected], [.. vectors[0].Vector.ToArray()], 0, 1e-6);
    }

    [Fact]
    public void The_model_keeps_how_it_was_trained()
    {
        using var model = Fit(Tiny with { Pooling = SentencePooling.FirstLastAverage }, Pairs.Rows());
        using var stream = new MemoryStream();
        ml.Model.Save(model, View([]).Schema, stream);
        var loaded = ml.Model.Load(stream, out _);
        using var loadedOwner = (IDisposable)loaded;
        var package = ((IPackable)loaded).Pack();
        Assert.Equal("transform.sentence-embedding.v1", package.ComponentId);
        var record = JsonNode.Parse(package.File("training.json"))!;
        Assert.Equal("trainer.sentence-pair.v1", (string)record["trainer"]!);
        Assert.Equal("firstLastAverage", (string)record["options"]!["pooling"]!);
        Assert.Equal(1, (int)record["options"]!["seed"]!);
    }

    [Fact]
    public void Columns_and_poolings_can_be_others()
    {
        var data = ml.Transforms.CopyColumns("A", "Text").Append(ml.Transforms.CopyColumns("B", "SecondText")).Append(ml.Transforms.CopyColumns("Similarity", "Score")).Fit(View(Pairs.Rows())).Transform(View(Pairs.Rows()));
        foreach (var pooling in (SentencePooling[])[SentencePooling.Cls, SentencePooling.Max])
        {
            using var model = ml.SentencePairs().Trainers.RoFormer(Tiny with { TextColumn = "A", SecondTextColumn = "B", ScoreColumn = "Similarity", VectorColumn = "Meaning", Pooling = pooling }).Fit(data);
                Assert.Equal(16, ((VectorDataViewType)model.Transform(data).Schema["Meaning"].Type).Size);
            Assert.InRange(ml.SentencePairs().Evaluate(model, data, "A", "B", "Similarity", inputColumn: "A", vectorColumn: "Meaning").Spearman, -1, 1);
        }
    }

    [Fact]
    public void Whitening_follows_as_after_any_sentence_embedding()
    {
        var pipeline = ml.SentencePairs().Trainers.RoFormer(Tiny).Append(ml.Transforms.Whiten("Vector", options: new() { Dimensions = 4 }));
        using var model = pipeline.Fit(View(Pairs.Rows(24)));
        Assert.Equal(24, ml.SentencePairs().Evaluate(model, View(Pairs.Rows(24))).Count);
    }

    [Fact]
    public void Texts_that_are_too_long_are_reported()
    {
        var rows = Pairs.Rows();
        rows[3].SecondText = string.Join(' ', Enumerable.Repeat("the train leaves at noon", 8));
        TrainingReport? report = null;
        using var model = Fit(Tiny with { Completed = r => report = r }, rows);
        Assert.Contains("1 of 24 training texts are longer than 16 tokens", Assert.Single(report!.Warnings), StringComparison.Ordinal);
        Assert.Equal(12, report.Examples);
    }

    [Fact]
    public void What_cannot_be_learned_from_is_named()
    {
        Assert.Contains("empty", Assert.Throws<DataFormatException>(() => Fit(Tiny, [])).Message, StringComparison.Ordinal);
        var rows = Pairs.Rows();
        rows[6].Score = float.NaN;
        Assert.Contains("not finite in row 7", Assert.Throws<DataFormatException>(() => Fit(Tiny, rows)).Message, StringComparison.Ordinal);
        foreach (var row in rows) row.Score = 3;
        Assert.Contains("the scores of all 12 rows of the training data are equal", Assert.Throws<DataFormatException>(() => Fit(Tiny, rows)).Message, StringComparison.Ordinal);
        Assert.Contains("of the validation data are equal", Assert.Throws<DataFormatException>(() => Fit(Tiny with { ValidationData = View(rows) }, Pairs.Rows())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_do_not_apply_are_named_together()
    {
        var error = Assert.Throws<ArgumentException>(() => ml.SentencePairs().Trainers.RoFormer(Tiny with { RDrop = 1, Vat = 1, HeadRate = 2, Pooling = SentencePooling.Pooler, UnlabeledData = View([]) })).Message;
        foreach (var name in new[] { "trainer.sentence-pair.v1", "RDrop", "Vat", "HeadRate", "Pooling", "UnlabeledData" }) Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains("cosent", Assert.Throws<ArgumentException>(() => Fit(Tiny with { Loss = "cosnet" }, Pairs.Rows())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_and_pairs_are_checked_when_they_are_evaluated()
    {
        using var model = Fit(Tiny, Pairs.Rows());
        var catalog = ml.SentencePairs();
        Assert.Contains("'Missing'", Assert.Throws<ArgumentOutOfRangeException>(() => catalog.Evaluate(model, View(Pairs.Rows()), secondTextColumn: "Missing")).Message, StringComparison.Ordinal);
        Assert.Contains("'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => catalog.Evaluate(model, View(Pairs.Rows()), inputColumn: "Other")).Message, StringComparison.Ordinal);
        Assert.Contains("'Features'", Assert.Throws<ArgumentException>(() => catalog.Evaluate(model, View(Pairs.Rows()), vectorColumn: "Features")).Message, StringComparison.Ordinal);
        Assert.Contains("no sentence pairs", Assert.Throws<DataFormatException>(() => catalog.Evaluate(model, View([]))).Message, StringComparison.Ordinal);
        Assert.Contains("row 1, column 'Score'", Assert.Throws<DataFormatException>(() => catalog.Evaluate(model, View([new() { Score = float.PositiveInfinity }]))).Message, StringComparison.Ordinal);
    }
}
