using Microsoft.ML;
using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Testing;
using MLPipelines.Trainers.Training;
using Xunit;

namespace MLPipelines.Trainers.Tests.Pretraining;

[Collection(ContractCollection.Name)]
public sealed class MaskedLanguageModelTrainerTests : IDisposable
{
    static readonly MaskedLanguageModelTrainer.Options s_tiny = new()
    {
        Layers = 1, HiddenSize = 32, Heads = 2, Dropout = 0, Epochs = 12, BatchSize = 8, LearningRate = 0.01, Seed = 1, MaximumLength = 32, Device = "cpu", Threads = 1, ValidationFraction = 0.1,
    };

    readonly string folder = Directory.CreateTempSubdirectory("mlp-pretraining-").FullName;
    readonly MLContext ml = new(1);

    static string[] Texts => [.. Enumerable.Range(0, 60).Select(i => (i % 3) switch { 0 => "the cat sat on the mat", 1 => "a dog ran in the park", _ => "we drink tea at noon every day" })];

    TrainingReport Train(MaskedLanguageModelTrainer.Options options, string name, IEnumerable<string>? texts = null) =>
        new MaskedLanguageModelTrainer(ml, options).Train(texts ?? Texts, Path.Combine(folder, name));

    [Theory]
    [InlineData("roformer")]
    [InlineData("roformer-v2")]
    [InlineData("gau-alpha")]
    public void Learns_to_guess_words_and_every_trainer_starts_from_it(string architecture)
    {
        var report = Train(s_tiny with { Architecture = architecture, Epochs = 30 }, "encoder");
        Assert.True(report.Best!.All["Loss"] < 0.7 * report.Epochs[0].Validation!.All["Loss"], $"{report.Epochs[0].Validation!.All["Loss"]} -> {report.Best.All["Loss"]}");
        Assert.True(report.TokensPerSecond > 0);
        using (var checkpoint = EncoderCheckpoint.Load(Path.Combine(folder, "encoder")))
        {
            Assert.Contains("tea", checkpoint.Tokenizer.Vocabulary);
            Assert.NotNull(checkpoint.LanguageModelHead);
        }

        using var model = (IDisposable)ml.SpanExtraction().Trainers.GlobalPointer(GlobalPointerTrainerTests.Tiny with { Encoder = Path.Combine(folder, "encoder"), Layers = null, HiddenSize = null, Heads = null })
            .Fit(ml.Data.LoadFromEnumerable(Towns.Rows()));
        Assert.NotNull(model);
    }

    [Fact]
    public void Pretraining_goes_on_from_a_checkpoint_with_its_head()
    {
        var first = Train(s_tiny, "first");
        var again = Train(s_tiny with { Epochs = 1, LearningRate = 1e-5, Encoder = Path.Combine(folder, "first"), Layers = null, HiddenSize = null, Heads = null }, "second");
        Assert.InRange(again.Epochs[0].Validation!.All["Loss"], 0, 1.2 * first.Best!.All["Loss"]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_checkpoint()
    {
        Train(s_tiny with { Epochs = 1 }, "a");
        Train(s_tiny with { Epochs = 1 }, "b");
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "a", "model.safetensors")), File.ReadAllBytes(Path.Combine(folder, "b", "model.safetensors")));
    }

    [Fact]
    public void The_time_limit_ends_the_run_with_a_model()
    {
        var report = Train(s_tiny with { Epochs = 100_000, Minutes = 0.02 }, "limited");
        Assert.Equal(TrainingOutcome.TimeLimit, report.Outcome);
        Assert.True(report.Elapsed < TimeSpan.FromSeconds(60), $"{report.Elapsed}");
        Assert.True(File.Exists(Path.Combine(folder, "limited", "model.safetensors")));
    }

    [Fact]
    public void What_cannot_work_is_refused_before_texts_are_read()
    {
        foreach (var options in new[] { s_tiny with { RDrop = 4 }, s_tiny with { Vat = 1 }, s_tiny with { Regularizers = ["r-drop"] } })
            Assert.Contains("IConsistencyTask", Assert.Throws<ArgumentException>(() => new MaskedLanguageModelTrainer(ml, options)).Message, StringComparison.Ordinal);
        Assert.Contains("IMixableTask", Assert.Throws<ArgumentException>(() => new MaskedLanguageModelTrainer(ml, s_tiny with { Regularizers = ["mixup"] })).Message, StringComparison.Ordinal);
        Assert.Contains("VocabularySize", Assert.Throws<ArgumentException>(() => new MaskedLanguageModelTrainer(ml, s_tiny with { VocabularyPath = "vocab.txt", VocabularySize = 500 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pretrained_encoder_has_dense_gradients_where_its_table_is_the_output_map_too()
    {
        Train(s_tiny with { Epochs = 1 }, "encoder");
        using var generator = new TorchSharp.torch.Generator(1);
        foreach (var sparse in new[] { true, false })
        {
            using var source = EncoderSource.Create(new MaskedLanguageModelTrainer.Options { Encoder = Path.Combine(folder, "encoder"), MaximumLength = 32 }, [], generator, sparse);
            Assert.Equal(sparse, Assert.IsType<Encoders.RoFormerEncoder.Options>(source.Encoder.Settings).SparseGradients);
        }
    }

    [Fact]
    public void Given_vocabularies_are_used_and_empty_texts_refused()
    {
        Train(s_tiny with { Epochs = 1, Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "tea"] }, "given");
        using (var checkpoint = EncoderCheckpoint.Load(Path.Combine(folder, "given"))) Assert.Equal(8, checkpoint.Tokenizer.Vocabulary.Count);
        Assert.Contains("empty", Assert.Throws<DataFormatException>(() => Train(s_tiny, "none", ["", "  "])).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "none")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
