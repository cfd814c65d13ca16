using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Classification;
using MLPipelines.Components;
using MLPipelines.Testing;
using MLPipelines.Trainers.Classification;
using MLPipelines.Trainers.Training;
using Xunit;

namespace MLPipelines.Trainers.Tests.Classification;

static class Orders
{
    static readonly (string Text, string Label)[] s_kinds = [("play some music", "play"), ("stop it now", "stop"), ("what is the weather", "ask"), ("please play jazz", "play"), ("stop please", "stop"), ("is it raining", "ask")];

    public static ClassifiedText[] Rows(int count = 12) =>
        [.. Enumerable.Range(0, count).Select(i => new ClassifiedText { Text = $"{s_kinds[i % 6].Text} {i / 6}", SecondText = i % 2 == 0 ? "yes" : "no", Label = s_kinds[i % 6].Label })];

    public static IDataView Keyed(MLContext ml, IEnumerable<ClassifiedText>? rows = null)
    {
        var view = ml.Data.LoadFromEnumerable(rows ?? Rows());
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }
}

[ContractOf(typeof(TextClassificationTrainer), typeof(TextClassificationScorer))]
public sealed class TextClassificationTrainerContract : EstimatorContractTests
{
    readonly TextClassificationTrainer.Options options = TextClassificationTrainerTests.Tiny with { Epochs = 2, SecondTextColumn = "SecondText" };

    protected override ContractCase Case => new(
        create: (ml, token) => ml.MulticlassClassification.Trainers.RoFormer(options with { CancellationToken = token }),
        data: ml => Orders.Keyed(ml),
        required: ["Text", "SecondText"])
    {
        RequiredForFit = ["Label"],
        MaximumLookahead = 512,
        Options = () => options,
        CreateOnDevice = (ml, device) => ml.MulticlassClassification.Trainers.RoFormer(options with { Device = device }),
    };
}

[Collection(ContractCollection.Name)]
public sealed class TextClassificationTrainerTests
{
    internal static readonly TextClassificationTrainer.Options Tiny = new()
    {
        Layers = 1, HiddenSize = 16, Heads = 2, Dropout = 0.05, Epochs = 1, BatchSize = 4, LearningRate = 0.01, Seed = 1, MaximumLength = 32, WindowOverlap = 4, Device = "cpu", Threads = 1,
    };

    static readonly TextClassificationTrainer.Options s_learning = Tiny with { HiddenSize = 32, Epochs = 25, Dropout = 0 };

    readonly MLContext ml = new(1);

    ITransformer Fit(TextClassificationTrainer.Options options, IDataView data) => ml.MulticlassClassification.Trainers.RoFormer(options).Fit(data);

    [Fact]
    public void Overfits_twelve_rows_and_both_evaluations_agree()
    {
        var data = Orders.Keyed(ml);
        var model = Fit(s_learning, data);
        using var owner = (IDisposable)model;
        var scored = model.Transform(data);
        var (theirs, ours) = (ml.MulticlassClassification.Evaluate(scored), ml.MulticlassClassification.EvaluatePerClass(scored));
        Assert.Equal(1, theirs.MicroAccuracy);
        Assert.Equal((1.0, 1.0, 12L), (ours.Accuracy, ours.MacroF1, ours.Rows));
        Assert.Equal(theirs.LogLoss, ours.LogLoss, 1e-9);
        Assert.All(scored.GetColumn<float[]>("Score"), row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.Equal(["ask", "play", "stop"], ours.PerLabel.Keys);
    }

    [Fact]
    public void Imperfect_models_are_measured_alike_too()
    {
        var data = Orders.Keyed(ml);
        var model = Fit(Tiny, data);
        using var owner = (IDisposable)model;
        var test = Orders.Keyed(ml, Orders.Rows(30));
        var (theirs, ours) = (ml.MulticlassClassification.Evaluate(model.Transform(test)), ml.MulticlassClassification.EvaluatePerClass(model.Transform(test)));
        Assert.Equal(theirs.MicroAccuracy, ours.Accuracy, 1e-12);
        Assert.Equal(theirs.LogLoss, ours.LogLoss, 1e-6);
        Assert.Equal(theirs.MacroAccuracy, ours.PerLabel.Values.Average(c => c.Recall), 1e-12);
    }

    [Fact]
    public void Predicted_labels_map_back_to_their_values()
    {
        var data = Orders.Keyed(ml);
        var chain = ml.MulticlassClassification.Trainers.RoFormer(s_learning).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = chain.Fit(data);
        using var owner = model;
        Assert.Equal(Orders.Rows().Select(row => row.Label), model.Transform(data).GetColumn<string>("PredictedLabel"));
    }

    [Fact]
    public void Cross_validation_of_a_whole_pipeline()
    {
        var data = ml.Data.LoadFromEnumerable(Orders.Rows(36));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.RoFormer(s_learning with { Epochs = 12 }));
        var folds = ml.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 3, seed: 1);
        Assert.Equal(3, folds.Count);
        foreach (var fold in folds)
        {
            using var owner = (IDisposable)fold.Model;
            Assert.True(fold.Metrics.MicroAccuracy > 0.9, $"{fold.Metrics.MicroAccuracy}");
        }
    }

    sealed class Numbered
    {
        public string Text { get; set; } = "";

        public int Label { get; set; }
    }

    [Fact]
    public void Keys_of_numbers_are_named_by_them()
    {
        var view = ml.Data.LoadFromEnumerable(Orders.Rows().Select(row => new Numbered { Text = row.Text, Label = 10 * row.Label.Length }));
        var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        var model = Fit(Tiny, data);
        using var owner = (IDisposable)model;
        VBuffer<ReadOnlyMemory<char>> names = default;
        model.Transform(data).Schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(["40", "30"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Missing_and_unknown_labels_are_named_with_their_row()
    {
        var view = ml.Data.LoadFromEnumerable(Orders.Rows());
        var known = ml.Transforms.Conversion.MapValueToKey("Label").Fit(ml.Data.LoadFromEnumerable(Orders.Rows(5)));
        var rows = Orders.Rows();
        rows[6].Label = "dance";
        var missing = known.Transform(ml.Data.LoadFromEnumerable(rows));
        Assert.Contains("the label is missing in row 7", Assert.Throws<DataFormatException>(() => Fit(Tiny, missing)).Message, StringComparison.Ordinal);

        var error = Assert.Throws<DataFormatException>(() => Fit(Tiny with { ValidationData = Orders.Keyed(ml, rows) }, Orders.Keyed(ml))).Message;
        Assert.Contains("'dance' is unknown in row 7 of the validation data", error, StringComparison.Ordinal);
        Assert.Contains("'play', 'stop', 'ask'", error, StringComparison.Ordinal);
        Assert.Contains("Key<UInt32", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(Tiny, view)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_data_may_have_their_keys_in_another_order()
    {
        var valid = Orders.Keyed(ml, Orders.Rows().Reverse());
        TrainingReport? report = null;
        var model = Fit(s_learning with { ValidationData = valid, Completed = r => report = r }, Orders.Keyed(ml));
        using var owner = (IDisposable)model;
        Assert.Equal(1, report!.Best!.Value);
        Assert.Equal(1, ml.MulticlassClassification.EvaluatePerClass(model.Transform(valid)).Accuracy);
    }

    [Fact]
    public void Pairs_are_told_apart_by_their_second_text()
    {
        var rows = Enumerable.Range(0, 16).Select(i => new ClassifiedText { Text = $"is it {i / 2}", SecondText = i % 2 == 0 ? "yes indeed" : "not at all", Label = i % 2 == 0 ? "same" : "other" }).ToArray();
        var data = Orders.Keyed(ml, rows);
        var model = Fit(s_learning with { SecondTextColumn = "SecondText" }, data);
        using var owner = (IDisposable)model;
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [Fact]
    public void Class_weights_move_predictions_towards_rare_classes()
    {
        var rows = Enumerable.Range(0, 20).Select(i => new ClassifiedText { Text = "the same words", Label = i == 0 ? "rare" : "common" }).ToArray();
        float Rare(TextClassificationTrainer.Options options)
        {
            var data = Orders.Keyed(ml, rows);
            var model = Fit(options, data);
            using var owner = (IDisposable)model;
            return model.Transform(data).GetColumn<float[]>("Score").First()[0];
        }
        var options = Tiny with { Epochs = 80, BatchSize = 20, Dropout = 0 };
        var (plain, balanced, given) = (Rare(options), Rare(options with { ClassBalance = ClassBalance.Balanced }), Rare(options with { ClassWeights = ["rare=19"] }));
        Assert.True(plain < 0.3, $"{plain}");
        Assert.InRange(balanced, plain + 0.1, 0.8);
        Assert.InRange(given, plain + 0.1, 0.8);
        Assert.Contains("'gone'", Assert.Throws<ArgumentException>(() => Rare(options with { ClassWeights = ["gone=2"] })).Message, StringComparison.Ordinal);
        Assert.Contains("name=weight", Assert.Throws<ArgumentException>(() => Rare(options with { ClassWeights = ["rare"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_alone_is_refused() =>
        Assert.Contains("at least two", Assert.Throws<DataFormatException>(() => Fit(Tiny, Orders.Keyed(ml, [new ClassifiedText { Text = "a", Label = "b" }]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_prediction_engine_answers_like_Transform()
    {
        var data = Orders.Keyed(ml);
        var model = Fit(Tiny, data);
        using var engine = ml.Model.CreatePredictionEngine<ClassifiedText, Answer>(model);
        foreach (var (expected, actual) in model.Transform(data).GetColumn<float[]>("Score").First().Zip(engine.Predict(Orders.Rows()[0]).Score)) Assert.Equal(expected, actual, 1e-5);
    }

    sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
