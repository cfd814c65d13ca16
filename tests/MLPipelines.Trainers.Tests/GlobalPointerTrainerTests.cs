using System.Text.Json;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Spans;
using MLPipelines.Testing;
using MLPipelines.Trainers.SpanExtraction;
using MLPipelines.Trainers.Training;
using Xunit;

namespace MLPipelines.Trainers.Tests;

static class Towns
{
    static readonly string[] s_people = ["Ada", "Bob", "Eve"];
    static readonly string[] s_places = ["Rome", "Oslo", "Lima"];
    static readonly string[] s_patterns = ["{0} lives in {1} .", "in {1} we met {0} .", "{0} left {1} for good .", "nothing here ."];

    /// <summary>Twelve or more sentences with people and places.</summary>
    public static SpanExtractionRow[] Rows(int count = 12) => [.. Enumerable.Range(0, count).Select(Row)];

    static SpanExtractionRow Row(int i)
    {
        var (person, place) = (s_people[i % 3], s_places[i / 2 % 3]);
        var text = string.Format(null, s_patterns[i % 4], person, place);
        var spans = new[] { (Part: person, Label: "PER"), (Part: place, Label: "LOC") }.Where(x => text.Contains(x.Part, StringComparison.Ordinal)).ToList();
        var starts = spans.Select(x => text.IndexOf(x.Part, StringComparison.Ordinal)).ToArray();
        return new SpanExtractionRow { Text = text, Start = starts, End = [.. spans.Select((x, k) => starts[k] + x.Part.Length)], Label = [.. spans.Select(x => x.Label)] };
    }
}

[ContractOf(typeof(GlobalPointerTrainer), typeof(SpanExtractionScorer))]
public sealed class GlobalPointerTrainerContract : EstimatorContractTests
{
    readonly GlobalPointerTrainer.Options options = GlobalPointerTrainerTests.Tiny with { Epochs = 2 };

    protected override ContractCase Case => new(
        create: (ml, token) => ml.SpanExtraction().Trainers.GlobalPointer(options with { CancellationToken = token }),
        data: ml => ml.Data.LoadFromEnumerable(Towns.Rows()),
        required: ["Text"])
    {
        RequiredForFit = ["Start", "End", "Label"],
        MaximumLookahead = 256,
        Options = () => options,
        CreateOnDevice = (ml, device) => ml.SpanExtraction().Trainers.GlobalPointer(options with { Device = device }),
    };
}

[Collection(ContractCollection.Name)]
public sealed class GlobalPointerTrainerTests
{
    internal static readonly GlobalPointerTrainer.Options Tiny = new()
    {
        Layers = 1, HiddenSize = 16, Heads = 2, HeadSize = 8, Dropout = 0.05, Epochs = 1, BatchSize = 4, LearningRate = 0.01, Seed = 1, MaximumLength = 32, WindowOverlap = 4, Device = "cpu", Threads = 1,
    };

    readonly MLContext ml = new(1);

    ITransformer Fit(GlobalPointerTrainer.Options options, IEnumerable<SpanExtractionRow> rows) => ml.SpanExtraction().Trainers.GlobalPointer(options).Fit(ml.Data.LoadFromEnumerable(rows));

    [Fact]
    public void Middleware_that_needs_another_task_is_refused_before_data_are_read()
    {
        var message = Assert.Throws<ArgumentException>(() => ml.SpanExtraction().Trainers.GlobalPointer(Tiny with { Regularizers = ["mixup"] })).Message;
        Assert.All((string[])["step.mixup.v1", "trainer.global-pointer.v1", "IMixableTask"], word => Assert.Contains(word, message, StringComparison.Ordinal));
        Assert.NotNull(ml.SpanExtraction().Trainers.GlobalPointer(Tiny with { Regularizers = [new("mixup", new() { ["alpha"] = 0 }), "r-drop", "weight-average"] }));
    }

    [Fact]
    public void Settings_of_random_weights_are_refused_beside_a_pretrained_encoder()
    {
        var message = Assert.Throws<ArgumentException>(() => ml.SpanExtraction().Trainers.GlobalPointer(new() { Encoder = "somewhere", Size = Encoders.EncoderSize.Base, Architecture = "gau-alpha" })).Message;
        Assert.All((string[])["its own Size", "its own Architecture"], word => Assert.Contains(word, message, StringComparison.Ordinal));
        Assert.NotNull(ml.SpanExtraction().Trainers.GlobalPointer(new() { Encoder = "somewhere" }));
    }

    [Fact]
    public void Patience_without_validation_data_is_warned_of()
    {
        List<TrainingReport> reports = [];
        foreach (var options in new[] { Tiny with { Patience = 2 }, Tiny with { Patience = 2, ValidationFraction = 0.25 } })
        {
            (Fit(options with { Completed = reports.Add }, Towns.Rows(16)) as IDisposable)!.Dispose();
        }
        Assert.Contains("Patience is given", Assert.Single(reports[0].Warnings), StringComparison.Ordinal);
        Assert.Empty(reports[1].Warnings);
    }

    [Fact]
    public void Overfits_eight_rows()
    {
        var rows = Towns.Rows(8);
        TrainingReport? report = null;
        var model = Fit(Tiny with { HiddenSize = 32, Epochs = 40, Dropout = 0, Completed = r => report = r }, rows);
        using var owner = (IDisposable)model;
        var metrics = ml.SpanExtraction().Evaluate(model.Transform(ml.Data.LoadFromEnumerable(rows)));
        Assert.Equal(1, metrics.F1);
        Assert.Equal(12, metrics.Support);
        Assert.Equal((TrainingOutcome.Completed, 40, 8), (report!.Outcome, report.BestEpoch, report.Examples));
        Assert.Empty(report.Warnings);
    }

    [Fact]
    public void Validation_data_decide_which_epoch_is_kept_and_agree_with_Evaluate()
    {
        var (train, valid) = (Towns.Rows(8), Towns.Rows(20)[8..]);
        TrainingReport? report = null;
        var view = ml.Data.LoadFromEnumerable(valid);
        var model = Fit(Tiny with { HiddenSize = 32, Epochs = 12, Completed = r => report = r, ValidationData = view }, train);
        using var owner = (IDisposable)model;
        Assert.Equal(report!.Epochs.Max(e => e.Validation!.Value), report.Best!.Value);
        Assert.Equal(report.Best!.Value, ml.SpanExtraction().Evaluate(model.Transform(view)).F1, 1e-12);
        Assert.Equal(["F1", "Precision", "Recall"], report.Best.All.Keys.Order());
    }

    [Fact]
    public void A_fraction_is_set_aside_for_validation()
    {
        TrainingReport? report = null;
        using var model = (IDisposable)Fit(Tiny with { ValidationFraction = 0.25, Completed = r => report = r }, Towns.Rows(12));
        Assert.Equal(9, report!.Examples);
        Assert.NotNull(report.Best);
    }

    [Fact]
    public void Misaligned_spans_are_reported_to_log_and_report_and_count_as_missed()
    {
        var rows = Towns.Rows(8);
        rows[0].Start = [0, 1];
        rows[0].End = [3, 2];
        TrainingReport? report = null;
        var log = new List<string>();
        ml.Log += (_, e) => log.Add(e.Message);
        using var model = (IDisposable)Fit(
            Tiny with { VocabularyPath = null, Vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ada", "bob", "eve", "rome", "in", "."], Completed = r => report = r, ValidationData = ml.Data.LoadFromEnumerable(rows) }, rows);
        Assert.Contains("1 of 12", Assert.Single(report!.Warnings), StringComparison.Ordinal);
        Assert.Contains(log, line => line.Contains("1 of 12", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("epoch 1/1", StringComparison.Ordinal));
    }

    public static TheoryData<int[], int[], string[], string> BadRows => new()
    {
        { [0], [99], ["A"], "outside the text" },
        { [-1], [2], ["A"], "outside the text" },
        { [2], [2], ["A"], "start is not before its end" },
        { [3], [2], ["A"], "start is not before its end" },
        { [0], [2], [""], "no label" },
        { [0, 1], [2], ["A"], "differ in length" },
        { [0], [2], [], "differ in length" },
    };

    [Theory]
    [MemberData(nameof(BadRows))]
    public void A_row_that_contradicts_itself_is_named(int[] start, int[] end, string[] label, string what)
    {
        var rows = Towns.Rows(6);
        (rows[4].Start, rows[4].End, rows[4].Label) = (start, end, label);
        var error = Assert.Throws<DataFormatException>(() => Fit(Tiny, rows));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("row 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows_no_spans_and_no_aligned_span_are_refused()
    {
        Assert.Contains("empty", Assert.Throws<DataFormatException>(() => Fit(Tiny, [])).Message, StringComparison.Ordinal);
        Assert.Contains("no entity", Assert.Throws<DataFormatException>(() => Fit(Tiny, [new() { Text = "nothing here" }])).Message, StringComparison.Ordinal);
        var misaligned = new SpanExtractionRow { Text = "a b", Start = [1], End = [2], Label = ["A"] };
        Assert.Contains("where tokens do", Assert.Throws<InvalidOperationException>(() => Fit(Tiny, [misaligned])).Message, StringComparison.Ordinal);
        Assert.Contains("validation data are empty", Assert.Throws<DataFormatException>(() => Fit(Tiny with { ValidationData = ml.Data.LoadFromEnumerable(Array.Empty<SpanExtractionRow>()) }, Towns.Rows())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_named_all_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => ml.SpanExtraction().Trainers.GlobalPointer(Tiny with { Epochs = 0, LearningRate = -1, WindowOverlap = 16, HeadSize = 7 }));
        foreach (var name in new[] { "trainer.global-pointer.v1", "Epochs", "LearningRate", "WindowOverlap", "HeadSize" }) Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("HiddenSize", Assert.Throws<ArgumentException>(() => ml.SpanExtraction().Trainers.GlobalPointer(Tiny with { HiddenSize = 18, Heads = 4 })).Message, StringComparison.Ordinal);
        Assert.Contains("auto, cpu", Assert.Throws<ArgumentException>(() => Fit(Tiny with { Device = "gpu" }, Towns.Rows())).Message, StringComparison.Ordinal);
        Assert.Contains("cuda:99", Assert.Throws<InvalidOperationException>(() => Fit(Tiny with { Device = "cuda:99" }, Towns.Rows())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_survive_JSON()
    {
        var json = OptionsJson.Write(Tiny with { Patience = 3, CancellationToken = new CancellationToken(true) });
        Assert.False(json.ContainsKey("cancellationToken"));
        var read = OptionsJson.Read<GlobalPointerTrainer.Options>(JsonSerializer.SerializeToElement(json), "trainer.global-pointer.v1");
        Assert.Equal(Tiny with { Patience = 3 }, read);
    }

    [Fact]
    public void A_cancelled_Fit_throws_or_gives_the_best_model_so_far()
    {
        using var source = new CancellationTokenSource();
        var options = Tiny with { Epochs = 50, CancellationToken = source.Token, ValidationData = ml.Data.LoadFromEnumerable(Towns.Rows()), Progress = p => { if (p.Step == 5) source.Cancel(); } };
        TrainingReport? report = null;
        using (var model = (IDisposable)Fit(options with { OnCancellation = CancellationBehavior.ReturnBest, Completed = r => report = r }, Towns.Rows()))
        {
            Assert.Equal((TrainingOutcome.Cancelled, 1, 5L), (report!.Outcome, report.BestEpoch, report.Steps));
        }
        using var again = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(options with { CancellationToken = again.Token, Progress = p => { if (p.Step == 5) again.Cancel(); } }, Towns.Rows()));
    }

    [Fact]
    public void Threads_are_as_before_also_after_a_failure()
    {
        var before = TorchSharp.torch.get_num_threads();
        using (var model = (IDisposable)Fit(Tiny with { Threads = before + 1, Progress = _ => Assert.Equal(before + 1, TorchSharp.torch.get_num_threads()) }, Towns.Rows()))
        {
            Assert.Equal(before, TorchSharp.torch.get_num_threads());
        }
        Assert.Throws<DataFormatException>(() => Fit(Tiny with { Threads = before + 1 }, []));
        Assert.Equal(before, TorchSharp.torch.get_num_threads());
    }

    [Fact]
    public void The_model_carries_the_configuration_and_the_report_and_is_the_same_file_for_the_same_seed()
    {
        byte[] Save()
        {
            using var model = (IDisposable)Fit(Tiny with { ValidationData = ml.Data.LoadFromEnumerable(Towns.Rows()) }, Towns.Rows());
            var package = ((IPackable)model).Pack();
            var record = JsonDocument.Parse(package.File("training.json")).RootElement;
            Assert.Equal("trainer.global-pointer.v1", record.GetProperty("trainer").GetString());
            Assert.Equal(16, record.GetProperty("options").GetProperty("hiddenSize").GetInt32());
            Assert.Equal("completed", record.GetProperty("report").GetProperty("outcome").GetString());
            Assert.True(record.GetProperty("report").GetProperty("best").TryGetProperty("F1", out _));
            using var stream = new MemoryStream();
            package.Save(stream);
            return stream.ToArray();
        }
        Assert.Equal(Save(), Save());
    }

    [Fact]
    public void Custom_column_names_are_used_throughout()
    {
        var rows = ml.Data.LoadFromEnumerable(Towns.Rows());
        var renamed = ml.Transforms.CopyColumns("Satz", "Text").Append(ml.Transforms.CopyColumns("Von", "Start")).Append(ml.Transforms.CopyColumns("Bis", "End"))
            .Append(ml.Transforms.CopyColumns("Art", "Label")).Append(ml.Transforms.SelectColumns("Satz", "Von", "Bis", "Art")).Fit(rows).Transform(rows);
        var model = ml.SpanExtraction().Trainers.GlobalPointer(Tiny with { TextColumn = "Satz", StartColumn = "Von", EndColumn = "Bis", LabelColumn = "Art" }).Fit(renamed);
        using var owner = (IDisposable)model;
        var metrics = ml.SpanExtraction().Evaluate(model.Transform(renamed), "Von", "Bis", "Art");
        Assert.Equal(18, metrics.Support);
    }

    [Fact]
    public void Texts_longer_than_the_limit_are_learned_and_scored_in_windows()
    {
        var filler = string.Join(' ', Enumerable.Repeat("nothing here .", 20));
        var rows = Towns.Rows(8).Select(r => new SpanExtractionRow
        {
            Text = filler + " " + r.Text, Start = [.. r.Start.Select(s => s + filler.Length + 1)], End = [.. r.End.Select(e => e + filler.Length + 1)], Label = r.Label,
        }).ToArray();
        TrainingReport? report = null;
        var model = Fit(Tiny with { HiddenSize = 32, Epochs = 25, Dropout = 0, Completed = r => report = r }, rows);
        using var owner = (IDisposable)model;
        Assert.Empty(report!.Warnings);
        Assert.True(report.Examples >= 3 * rows.Length, $"{report.Examples} examples");
        var metrics = ml.SpanExtraction().Evaluate(model.Transform(ml.Data.LoadFromEnumerable(rows)));
        Assert.True(metrics.F1 > 0.9, $"F1 {metrics.F1}, loss {report.Epochs[^1].Loss}");
    }

    [Theory]
    [InlineData(OverlapPolicy.FromData, false, false)]
    [InlineData(OverlapPolicy.FromData, true, true)]
    [InlineData(OverlapPolicy.Keep, false, true)]
    [InlineData(OverlapPolicy.BestOnly, true, false)]
    public void Whether_overlapping_predictions_stay_follows_the_option_or_the_training_data(OverlapPolicy policy, bool nested, bool keep)
    {
        var rows = Towns.Rows(4);
        // Touching spans, and one that is there twice, do not overlap.
        rows[3] = new() { Text = "ada rome", Start = [0, 4, 4, 3], End = [3, 8, 8, nested ? 5 : 4], Label = ["PER", "LOC", "LOC", "PER"] };
        using var model = (IDisposable)Fit(Tiny with { OverlappingSpans = policy }, rows);
        Assert.Equal(keep, (bool?)((IPackable)model).Pack().Options["scoring"]!["prediction"]!["keepOverlapping"]);
    }

    [Fact]
    public void Nested_spans_are_learned()
    {
        SpanExtractionRow[] rows = [.. Towns.Rows(8), new() { Text = "the mayor of Rome left .", Start = [0, 13], End = [17, 17], Label = ["PER", "LOC"] }];
        var model = Fit(Tiny with { HiddenSize = 32, Epochs = 40, Dropout = 0 }, rows);
        using var owner = (IDisposable)model;
        Assert.Equal(1, ml.SpanExtraction().Evaluate(model.Transform(ml.Data.LoadFromEnumerable(rows))).F1);
    }

    [Fact]
    public void The_efficient_head_learns_saves_and_loads()
    {
        var rows = Towns.Rows(8);
        var model = Fit(Tiny with { Head = "efficient-global-pointer", HiddenSize = 32, Epochs = 40, Dropout = 0 }, rows);
        using var owner = (IDisposable)model;
        var view = ml.Data.LoadFromEnumerable(rows);
        Assert.Equal(1, ml.SpanExtraction().Evaluate(model.Transform(view)).F1);
        using var stream = new MemoryStream();
        ml.Model.Save(model, view.Schema, stream);
        var loaded = new MLContext().Model.Load(stream, out _);
        using var loadedOwner = (IDisposable)loaded;
        Assert.Equal(1, ml.SpanExtraction().Evaluate(loaded.Transform(view)).F1);
        Assert.Equal("head.efficient-global-pointer.v1", (string?)((IPackable)model).Pack().Options["head"]!["component"]);
    }

    [Fact]
    public void Regularisers_change_the_model()
    {
        byte[] Weights(GlobalPointerTrainer.Options options)
        {
            using var model = (IDisposable)Fit(options, Towns.Rows());
            return [.. ((IPackable)model).Pack().Tensors.OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.Data.ToArray())];
        }
        var plain = Weights(Tiny);
        Assert.Equal(plain, Weights(Tiny));
        Assert.NotEqual(plain, Weights(Tiny with { RDrop = 4 }));
        Assert.NotEqual(plain, Weights(Tiny with { Vat = 1 }));
        Assert.NotEqual(plain, Weights(Tiny with { Head = "efficient-global-pointer", RDrop = 4, Vat = 1 }));
    }

    /// <summary>The weight that <see cref="TrainerOptions.Vat"/> names for spans.</summary>
    [Fact]
    public void Spans_are_learned_with_virtual_adversarial_training()
    {
        var rows = Towns.Rows(8);
        var model = Fit(Tiny with { HiddenSize = 32, Epochs = 40, Vat = 0.01 }, rows);
        using var owner = (IDisposable)model;
        Assert.Equal(1, ml.SpanExtraction().Evaluate(model.Transform(ml.Data.LoadFromEnumerable(rows))).F1);
    }

    [Fact]
    public void Hundreds_of_labels_cost_few_targets_and_few_parameters()
    {
        const int Labels = 300;
        var rows = Enumerable.Range(0, Labels).Select(i => new SpanExtractionRow { Text = $"word {i} here", Start = [0, 5], End = [4, 5 + $"{i}".Length], Label = ["common", $"label {i}"] }).ToArray();
        TrainingReport? report = null;
        using var model = (IDisposable)Fit(Tiny with { Head = "efficient-global-pointer", BatchSize = 16, Completed = r => report = r }, rows);
        Assert.True(report!.Parameters < 30_000, $"{report.Parameters} parameters");

        var gold = rows.Select(row => new GoldRow(row.Text, [.. row.Start.Select((start, i) => new LabeledSpan(start, row.End[i], row.Label[i]))])).ToList();
        var tokenizer = Tokenizers.WordPieceTextTokenizer.BuildFrom(gold.Select(row => row.Text));
        var names = gold.SelectMany(row => row.Spans).Select(span => span.Label).Distinct().Order(StringComparer.Ordinal).ToList();
        var examples = SpanExamples.Create(gold, tokenizer, names, 32, 4, default).Examples;
        using var untrained = new SpanExtractionModel(
            new Encoders.RoFormerEncoder(new() { VocabularySize = tokenizer.Vocabulary.Count, Layers = 1, HiddenSize = 16, Heads = 2 }), new Layers.EfficientGlobalPointerHead(16, names.Count, 32, new()));
        var task = new SpanExtractionTask(untrained, new MLPipelines.Trainers.Losses.SparseZlprLoss(), examples, tokenizer, names.Count, TorchSharp.torch.CPU, [], _ => null);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var batch = task.CreateBatch([.. Enumerable.Range(0, 16)]);
        Assert.Equal([16, names.Count, 1], batch.Targets.shape); // one number for each row and label, however long the texts are
    }
}
