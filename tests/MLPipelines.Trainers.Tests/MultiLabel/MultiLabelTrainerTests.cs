using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Classification;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Testing;
using MLPipelines.Trainers.MultiLabel;
using MLPipelines.Trainers.Training;
using Xunit;

namespace MLPipelines.Trainers.Tests.MultiLabel;

static class Feelings
{
    static readonly (string Words, string[] Labels)[] s_kinds =
        [("what a lovely day", ["joy"]), ("this is terrible news", ["sorrow"]), ("lovely but terrible", ["joy", "sorrow"]), ("the train leaves at noon", []), ("i am so angry", ["anger"]), ("angry and terrible", ["anger", "sorrow"])];

    public static MultiLabelRow[] Rows(int count = 12) => [.. Enumerable.Range(0, count).Select(i => s_kinds[i % 6] is var (words, labels)
        ? new MultiLabelRow { Text = $"{words} number {i / 6}", Label = labels, LabelProbability = [.. labels.Select(_ => 1f)] } : null!)];
}

[ContractOf(typeof(MultiLabelTrainer), typeof(MultiLabelScorer))]
public sealed class MultiLabelTrainerContract : EstimatorContractTests
{
    readonly MultiLabelTrainer.Options options = MultiLabelTrainerTests.Tiny with { Epochs = 2 };

    protected override ContractCase Case => new(
        create: (ml, token) => ml.MultiLabel().Trainers.RoFormer(options with { CancellationToken = token }),
        data: ml => ml.Data.LoadFromEnumerable(Feelings.Rows()),
        required: ["Text"])
    {
        RequiredForFit = ["Label"],
        MaximumLookahead = 512,
        Options = () => options,
        CreateOnDevice = (ml, device) => ml.MultiLabel().Trainers.RoFormer(options with { Device = device }),
    };
}

[Collection(ContractCollection.Name)]
public sealed class MultiLabelTrainerTests
{
    internal static readonly MultiLabelTrainer.Options Tiny = new()
    {
        Layers = 1, HiddenSize = 16, Heads = 2, Dropout = 0.05, Epochs = 1, BatchSize = 4, LearningRate = 0.01, Seed = 1, MaximumLength = 32, WindowOverlap = 4, Device = "cpu", Threads = 1,
    };

    static readonly MultiLabelTrainer.Options s_learning = Tiny with { HiddenSize = 32, Epochs = 30, Dropout = 0 };

    readonly MLContext ml = new(1);

    ITransformer Fit<T>(MultiLabelTrainer.Options options, IEnumerable<T> rows)
        where T : class => ml.MultiLabel().Trainers.RoFormer(options).Fit(ml.Data.LoadFromEnumerable(rows));

    static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    [Fact]
    public void Overfits_twelve_rows_and_names_every_slot()
    {
        var model = Fit(s_learning, Feelings.Rows());
        using var owner = (IDisposable)model;
        var scored = model.Transform(ml.Data.LoadFromEnumerable(Feelings.Rows()));
        var metrics = ml.MultiLabel().Evaluate(scored);
        Assert.Equal((1.0, 1.0, 1.0), (metrics.MicroF1, metrics.MacroF1, metrics.SubsetAccuracy));
        Assert.True(metrics.LogLoss < 0.1, $"log loss {metrics.LogLoss}");
        Assert.Equal(["anger", "joy", "sorrow"], metrics.PerLabel.Keys);
        foreach (var column in new[] { "Score", "Probability", "Predicted" }) Assert.Equal(["anger", "joy", "sorrow"], SlotNames(scored.Schema[column]));
        Assert.Equal(["anger", "sorrow"], scored.GetColumn<ReadOnlyMemory<char>[]>("PredictedLabel").ElementAt(5).Select(label => label.ToString()).Order());
        Assert.Empty(scored.GetColumn<ReadOnlyMemory<char>[]>("PredictedLabel").ElementAt(3));
        var (scores, probabilities) = (scored.GetColumn<float[]>("Score").First(), scored.GetColumn<float[]>("Probability").First());
        for (var i = 0; i < 3; i++) Assert.Equal(1 / (1 + Math.Exp(-2 * scores[i])), probabilities[i], 1e-6);
    }

    [Theory]
    [InlineData(ThresholdTuning.Shared)]
    [InlineData(ThresholdTuning.PerLabel)]
    public void A_cancelled_run_still_tunes_its_thresholds(ThresholdTuning thresholds)
    {
        using var source = new CancellationTokenSource();
        TrainingReport? report = null;
        var options = Tiny with
        {
            Epochs = 50, Thresholds = thresholds, ValidationData = ml.Data.LoadFromEnumerable(Feelings.Rows(18)), OnCancellation = CancellationBehavior.ReturnBest, CancellationToken = source.Token,
            Progress = p => { if (p.Epoch == 2) source.Cancel(); }, Completed = r => report = r,
        };
        using var model = (IDisposable)Fit(options, Feelings.Rows());
        Assert.Equal(TrainingOutcome.Cancelled, report!.Outcome);
        Assert.Equal(12, ((ITransformer)model).Transform(ml.Data.LoadFromEnumerable(Feelings.Rows())).GetColumn<float[]>("Score").Count());
    }

    sealed class Probabilities
    {
        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Label { get; set; } = [0, 0];
    }

    [Fact]
    public void Probabilities_are_learned_as_such()
    {
        // The same text with the label a in three of four rows, or with a probability of ¾ in every row.
        var hard = Enumerable.Range(0, 16).Select(i => new MultiLabelRow { Text = i % 2 == 0 ? "one" : "two", Label = i % 8 == 0 ? ["b"] : i % 2 == 0 ? ["a", "b"] : ["b"] }).ToArray();
        var soft = Enumerable.Range(0, 16).Select(i => new Probabilities { Text = i % 2 == 0 ? "one" : "two", Label = i % 2 == 0 ? [0.75f, 1] : [0, 1] }).ToArray();
        var options = Tiny with { HiddenSize = 32, Epochs = 120, BatchSize = 16, Dropout = 0, WeightDecay = 0 };
        using var fromSoft = (IDisposable)Fit(options, soft);
        var learned = ((ITransformer)fromSoft).Transform(ml.Data.LoadFromEnumerable(soft)).GetColumn<float[]>("Probability").First();
        Assert.InRange(learned[0], 0.70, 0.80);
        Assert.True(learned[1] > 0.95, $"{learned[1]}");
        using var fromHard = (IDisposable)Fit(options, hard);
        var counted = ((ITransformer)fromHard).Transform(ml.Data.LoadFromEnumerable(hard)).GetColumn<float[]>("Probability").First();
        // For hard labels that vary the loss is least where σ(s) = ¾, so σ(2s) is 9/10: only soft labels are met exactly, as the option ProbabilityScale says.
        Assert.InRange(counted[0], 0.88, 0.92);
    }

    [Fact]
    public void Text_keys_and_probabilities_are_the_same_labels()
    {
        var rows = ml.Data.LoadFromEnumerable(Feelings.Rows());
        var keys = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(rows).Transform(rows);
        float[] Scores(IDataView data)
        {
            var model = ml.MultiLabel().Trainers.RoFormer(Tiny).Fit(data);
            using var owner = (IDisposable)model;
            Assert.Equal(["anger", "joy", "sorrow"], SlotNames(model.Transform(data).Schema["Score"]));
            return model.Transform(data).GetColumn<float[]>("Score").First();
        }
        Assert.Equal(Scores(rows), Scores(keys));
    }

    [Fact]
    public void A_column_says_how_far_labels_apply()
    {
        var rows = Feelings.Rows();
        foreach (var row in rows) row.LabelProbability = [.. row.Label.Select(_ => 0.5f)];
        TrainingReport? report = null;
        var model = Fit(s_learning with { LabelProbabilityColumn = "LabelProbability", Completed = r => report = r }, rows);
        using var owner = (IDisposable)model;
        var probabilities = model.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Probability").First();
        Assert.InRange(probabilities[1], 0.4, 0.6);
        Assert.Equal(TrainingOutcome.Completed, report!.Outcome);
    }

    public static TheoryData<string[], float[], string> BadRows => new()
    {
        { ["joy", ""], [1, 1], "a label is empty in row 5" },
        { ["joy"], [1.5f], "'joy' is out of range in row 5" },
        { ["joy"], [float.NaN], "'joy' is out of range in row 5" },
        { ["joy"], [], "differ in length in row 5" },
    };

    [Theory]
    [MemberData(nameof(BadRows))]
    public void A_row_that_contradicts_itself_is_named(string[] labels, float[] probabilities, string message)
    {
        var rows = Feelings.Rows();
        (rows[4].Label, rows[4].LabelProbability) = (labels, probabilities);
        Assert.Contains(message, Assert.Throws<DataFormatException>(() => Fit(Tiny with { LabelProbabilityColumn = "LabelProbability" }, rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_labels_of_the_validation_data_are_named()
    {
        var valid = ml.Data.LoadFromEnumerable([new MultiLabelRow { Text = "a", Label = ["joy"] }, new MultiLabelRow { Text = "b", Label = ["envy"] }]);
        var message = Assert.Throws<DataFormatException>(() => Fit(Tiny with { ValidationData = valid }, Feelings.Rows())).Message;
        Assert.Contains("'envy' is unknown in row 2 of the validation data", message, StringComparison.Ordinal);
        Assert.Contains("'anger', 'joy', 'sorrow'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_only_rows_set_aside_for_validation_have_are_labels_too()
    {
        var rows = Enumerable.Range(0, 20).Select(i => new MultiLabelRow { Text = $"text {i}", Label = [$"rare{i:00}"] }).ToArray();
        var model = Fit(Tiny with { ValidationFraction = 0.2 }, rows);
        using var owner = (IDisposable)model;
        Assert.Equal(rows.Select(row => row.Label[0]), SlotNames(model.Transform(ml.Data.LoadFromEnumerable(rows)).Schema["Score"]));
    }

    [Theory]
    [InlineData("zlpr-sparse", "indices of true classes")]
    [InlineData("softmax-cross-entropy", "the one class")]
    public void A_loss_for_other_targets_is_refused_before_data_are_read(string loss, string found)
    {
        var message = Assert.Throws<ArgumentException>(() => ml.MultiLabel().Trainers.RoFormer(Tiny with { Loss = loss })).Message;
        Assert.All((string[])[$"loss.{loss}.v1", found, "zlpr-soft"], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_loss_for_certain_labels_is_refused_for_labels_between()
    {
        using var certain = (IDisposable)Fit(Tiny with { Loss = "zlpr", LabelProbabilityColumn = "LabelProbability" }, Feelings.Rows());
        Assert.Contains("mixup", Assert.Throws<ArgumentException>(() => ml.MultiLabel().Trainers.RoFormer(Tiny with { Loss = "zlpr", Regularizers = ["mixup"] })).Message, StringComparison.Ordinal);
        var rows = Feelings.Rows();
        rows[4].LabelProbability = [0.75f];
        var message = Assert.Throws<DataFormatException>(() => Fit(Tiny with { Loss = "zlpr", LabelProbabilityColumn = "LabelProbability" }, rows)).Message;
        Assert.All((string[])["'anger' applies in part in row 5", "zlpr-soft", "0.75"], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("joy", "joy", "'joy' is there more than once")]
    [InlineData("joy", "", "slot 1 has none")]
    public void Slot_names_that_do_not_name_labels_are_explained(string first, string second, string expected)
    {
        var (annotations, schema) = (new DataViewSchema.Annotations.Builder(), new DataViewSchema.Builder());
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            "SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(2, [first.AsMemory(), second.AsMemory()]));
        schema.AddColumn("Label", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        var message = Assert.Throws<ArgumentException>(() => new LabelColumn("Label", null).Known(schema.ToSchema())).Message;
        Assert.All((string[])["'Label'", expected], word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    [Fact]
    public void No_rows_and_no_labels_are_refused()
    {
        Assert.Contains("empty", Assert.Throws<DataFormatException>(() => Fit(Tiny, Array.Empty<MultiLabelRow>())).Message, StringComparison.Ordinal);
        Assert.Contains("no label", Assert.Throws<DataFormatException>(() => Fit(Tiny, [new MultiLabelRow { Text = "a" }])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ThresholdTuning.Shared)]
    [InlineData(ThresholdTuning.PerLabel)]
    public void Tuned_thresholds_are_saved_and_used(ThresholdTuning tuning)
    {
        var valid = ml.Data.LoadFromEnumerable(Feelings.Rows(24));
        TrainingReport? report = null;
        var model = Fit(Tiny with { Epochs = 4, ValidationData = valid, Thresholds = tuning, Completed = r => report = r }, Feelings.Rows());
        using var owner = (IDisposable)model;
        Assert.Equal(report!.Best!.Value, ml.MultiLabel().Evaluate(model.Transform(valid)).MicroF1, 1e-12);
        using var stream = new MemoryStream();
        ml.Model.Save(model, valid.Schema, stream);
        var loaded = new MLContext().Model.Load(stream, out _);
        using var loadedOwner = (IDisposable)loaded;
        Assert.Equal(model.Transform(valid).GetColumn<bool[]>("Predicted"), loaded.Transform(valid).GetColumn<bool[]>("Predicted"));
        Assert.Equal(3, ((IPackable)model).Pack().Options["scoring"]!["thresholds"]!.AsArray().Count);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => ml.MultiLabel().Trainers.RoFormer(Tiny with { Resume = true, Encoder = "somewhere", HeadDropout = 2 })).Message;
        foreach (var name in new[] { "trainer.multi-label.v1", "Resume", "HiddenSize", "HeadDropout" }) Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains("validation data", Assert.Throws<ArgumentException>(() => Fit(Tiny with { Thresholds = ThresholdTuning.PerLabel }, Feelings.Rows())).Message, StringComparison.Ordinal);
        Assert.Contains("zlpr-soft", Assert.Throws<ArgumentException>(() => Fit(Tiny with { Loss = "zlpr-sotf" }, Feelings.Rows())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sigmoid_cross_entropy_reports_its_own_probabilities()
    {
        var model = Fit(Tiny with { Loss = "sigmoid-cross-entropy" }, Feelings.Rows());
        using var owner = (IDisposable)model;
        var scored = model.Transform(ml.Data.LoadFromEnumerable(Feelings.Rows()));
        var (score, probability) = (scored.GetColumn<float[]>("Score").First()[0], scored.GetColumn<float[]>("Probability").First()[0]);
        Assert.Equal(1 / (1 + Math.Exp(-score)), probability, 1e-6);
    }

    [Fact]
    public void Regularisers_take_part_and_change_the_model()
    {
        float[] Scores(MultiLabelTrainer.Options options)
        {
            var model = Fit(options, Feelings.Rows());
            using var owner = (IDisposable)model;
            return model.Transform(ml.Data.LoadFromEnumerable(Feelings.Rows())).GetColumn<float[]>("Score").First();
        }
        var plain = Scores(Tiny);
        Assert.All(
            new[] { Tiny with { RDrop = 4 }, Tiny with { Vat = 1 }, Tiny with { Regularizers = ["mixup"] }, Tiny with { AverageDecay = 0.9 }, Tiny with { Optimizer = "tiger", LearningRate = 1e-3 }, Tiny with { Schedule = "constant" }, Tiny with { HeadRate = 10 } },
            options => Assert.NotEqual(plain, Scores(options)));
        Assert.Equal(plain, Scores(Tiny with { RDrop = 0, Schedule = "schedule.linear.v1" }));
    }

    /// <summary>The weight that <see cref="TrainerOptions.Vat"/> names for several labels.</summary>
    [Fact]
    public void Labels_are_learned_with_virtual_adversarial_training()
    {
        var model = Fit(s_learning with { Vat = 0.1 }, Feelings.Rows());
        using var owner = (IDisposable)model;
        Assert.Equal(1, ml.MultiLabel().Evaluate(model.Transform(ml.Data.LoadFromEnumerable(Feelings.Rows()))).MicroF1);
    }

    [Fact]
    public void Long_texts_are_read_in_windows()
    {
        var filler = string.Concat(Enumerable.Repeat("the train leaves at noon . ", 12));
        var rows = Feelings.Rows().Select(row => new MultiLabelRow { Text = filler + row.Text, Label = row.Label }).ToArray();
        TrainingReport? report = null;
        var model = Fit(Tiny with { Completed = r => report = r }, rows);
        using var owner = (IDisposable)model;
        Assert.True(report!.Examples >= 2 * rows.Length, $"{report.Examples} examples");
        Assert.Equal(12, model.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").Count());
    }
}
