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

    sealed class NumberedAnswer
    {
        public int PredictedLabel { get; set; }
    }

    [Fact]
    public void Keys_of_numbers_stay_numbers_and_their_scores_are_named_by_them()
    {
        var view = ml.Data.LoadFromEnumerable(Orders.Rows().Select(row => new Numbered { Text = row.Text, Label = 10 * row.Label.Length }));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.RoFormer(s_learning)).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        Assert.Equal(NumberDataViewType.Int32, pipeline.GetOutputSchema(MLPipelines.Interop.SchemaShapes.Of(view.Schema)).Single(column => column.Name == "PredictedLabel").ItemType);
        using var model = pipeline.Fit(view);
        using var file = new MemoryStream();
        ml.Model.Save(model, view.Schema, file);
        file.Position = 0;
        var loaded = ml.Model.Load(file, out _);
        using var owner = (IDisposable)loaded;
        foreach (var transformer in (ITransformer[])[model, loaded])
        {
            Assert.Equal(view.GetColumn<int>("Label"), transformer.Transform(view).GetColumn<int>("PredictedLabel"));
            VBuffer<ReadOnlyMemory<char>> names = default;
            transformer.Transform(view).Schema["Score"].GetSlotNames(ref names);
            Assert.Equal(["40", "30"], names.DenseValues().Select(name => name.ToString()));
        }

        using var engine = ml.Model.CreatePredictionEngine<Numbered, NumberedAnswer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.Equal(40, engine.Predict(new() { Text = "play some music 0" }).PredictedLabel);
        Assert.Equal(1, ml.MulticlassClassification.EvaluatePerClass(((TransformerChain<ITransformer>)loaded).Take(2).Aggregate(view, (data, step) => step.Transform(data))).Accuracy);
    }

    sealed class Valued<T>
    {
        public string Text { get; set; } = "";

        public T Label { get; set; } = default!;
    }

    [Fact]
    public void Key_values_of_other_types_are_kept_in_a_saved_model()
    {
        Kept(new DateTime(2026, 1, 2, 3, 4, 5, 6), new DateTime(2026, 1, 2, 3, 4, 5, 7));
        Kept(false, true);
        Kept(0.1f, 1e30f);
        Kept((byte)7, (byte)200);
        Kept(long.MinValue, long.MaxValue);

        void Kept<T>(T one, T other)
        {
            var view = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Valued<T> { Text = i % 3 == 1 ? "stop it" : "play music", Label = i % 3 == 1 ? one : other }));
            var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
            var model = Fit(Tiny, data);
            using var owner = (IDisposable)model;
            using var file = new MemoryStream();
            ml.Model.Save(model, data.Schema, file);
            file.Position = 0;
            var loaded = ml.Model.Load(file, out _);
            using var loadedOwner = (IDisposable)loaded;
            var values = default(VBuffer<T>);
            loaded.Transform(data).Schema["PredictedLabel"].GetKeyValues(ref values);
            Assert.Equal([other, one], values.DenseValues());
            VBuffer<ReadOnlyMemory<char>> names = default;
            loaded.Transform(data).Schema["Score"].GetSlotNames(ref names);
            Assert.Equal(2, names.DenseValues().Select(name => name.ToString()).Distinct().Count());
        }
    }

    [Fact]
    public void Classes_that_are_called_alike_are_refused()
    {
        var definition = SchemaDefinition.Create(typeof(Valued<uint>));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), 2);
        definition["Label"].AddAnnotation("KeyValues", new VBuffer<ReadOnlyMemory<char>>(2, ["a".AsMemory(), "a".AsMemory()]), new VectorDataViewType(TextDataViewType.Instance, 2));
        var data = ml.Data.LoadFromEnumerable(new[] { new Valued<uint> { Text = "x", Label = 1 }, new Valued<uint> { Text = "y", Label = 2 } }, definition);
        var message = Assert.Throws<DataFormatException>(() => Fit(Tiny, data)).Message;
        Assert.Contains("'Label'", message, StringComparison.Ordinal);
        Assert.Contains("'a' twice", message, StringComparison.Ordinal);
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
    public void Pairs_that_are_too_long_are_counted()
    {
        var rows = Enumerable.Range(0, 12).Select(i => new ClassifiedText { Text = "is it so", SecondText = string.Join(' ', Enumerable.Repeat("yes", i < 3 ? 40 : 4)), Label = i % 2 == 0 ? "a" : "b" }).ToArray();
        TrainingReport? report = null;
        var data = Orders.Keyed(ml, rows);
        var options = Tiny with { SecondTextColumn = "SecondText", Completed = r => report = r, ValidationData = Orders.Keyed(ml, rows[2..]) };
        using var owner = (IDisposable)Fit(options, data);
        Assert.Contains(report!.Warnings, warning => warning.StartsWith("3 of 12 training pairs are longer than 32 tokens", StringComparison.Ordinal) && warning.Contains("by 14 tokens", StringComparison.Ordinal));
        Assert.Contains(report.Warnings, warning => warning.StartsWith("1 of 10 validation pairs", StringComparison.Ordinal));
        using var single = (IDisposable)Fit(options with { SecondTextColumn = null, TextColumn = "SecondText" }, data);
        Assert.DoesNotContain(report.Warnings, warning => warning.Contains("pairs", StringComparison.Ordinal));
    }

    [Fact]
    public void A_saved_model_says_where_it_computes_and_counts_its_weights_before_they_are_allocated()
    {
        var data = Orders.Keyed(ml);
        var model = (MLPipelines.Scoring.BatchedTransformer<TextRow>)Fit(Tiny, data);
        using var owner = model;
        var package = model.Pack();
        Assert.Equal("cpu", (string?)package.Options["scoring"]!["device"]);
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(package.Options, model.Describe().Options));
        Assert.Equal(package.Tensors.Keys, model.Describe().Tensors.Keys);
        package.Options["scoring"]!.AsObject().Remove("device");
        using (var loaded = (MLPipelines.Scoring.BatchedTransformer<TextRow>)TextClassificationScorer.Load(ml, package)) Assert.Equal("auto", (string?)loaded.Pack().Options["scoring"]!["device"]);

        package.Options["labels"] = new System.Text.Json.Nodes.JsonArray("play", "play", "ask");
        Assert.Contains("'play' is there twice", Assert.Throws<InvalidDataException>(() => TextClassificationScorer.Load(ml, package)).Message, StringComparison.Ordinal);
        package.Options["labels"] = new System.Text.Json.Nodes.JsonArray([.. Enumerable.Range(0, 100_000).Select(i => System.Text.Json.Nodes.JsonValue.Create($"{i}"))]);
        Assert.Contains("fewer weights", Assert.Throws<InvalidDataException>(() => TextClassificationScorer.Load(ml, package)).Message, StringComparison.Ordinal);
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
