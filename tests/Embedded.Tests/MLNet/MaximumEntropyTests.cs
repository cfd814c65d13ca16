using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Embedded.Tests;

public sealed class MaximumEntropyTests
{
    private readonly MLContext _ml = new(1);

    /// <summary>Two classes, one feature, no penalty: the frequencies are fitted exactly, so the bias and the weight are known.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Without_penalty_the_probabilities_are_the_frequencies(int threads)
    {
        var data = Load([.. Rows(8, 0, 0), .. Rows(2, 0, 1), .. Rows(3, 1, 0), .. Rows(9, 1, 1)]);
        var model = Fit(data, options => (options.L1Regularization, options.L2Regularization, options.NumberOfThreads) = (0, 0, threads));
        var scores = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        Assert.All(scores[..10], score => Assert.Equal([0.8f, 0.2f], score, Near(2e-3f)));
        Assert.All(scores[10..], score => Assert.Equal([0.25f, 0.75f], score, Near(2e-3f)));

        VBuffer<float>[]? weights = null;
        model.Model.GetWeights(ref weights, out int classes);
        Assert.Equal(2, classes);
        float[] biases = [.. model.Model.GetBiases()];
        Assert.Equal(Math.Log(4), biases[0] - biases[1], 1e-2);
        Assert.Equal(-Math.Log(12), weights![0].GetValues()[0] - weights[1].GetValues()[0], 1e-2);
    }

    [Fact]
    public void A_row_counts_as_often_as_its_weight_says()
    {
        var repeated = Load([.. Rows(8, 0, 0), .. Rows(2, 0, 1), .. Rows(3, 1, 0), .. Rows(9, 1, 1)]);
        var weighted = Load([new(0, 0, 8), new(0, 1, 2), new(1, 0, 3), new(1, 1, 9)]);
        var plain = Fit(repeated, options => options.L1Regularization = 0).Transform(weighted).GetColumn<float[]>("Score").ToArray();
        var once = Fit(weighted, options => (options.L1Regularization, options.ExampleWeightColumnName) = (0, "Weight")).Transform(weighted).GetColumn<float[]>("Score").ToArray();
        for (int i = 0; i < plain.Length; i++)
            Assert.Equal(plain[i], once[i], Near(1e-3f));
    }

    [Fact]
    public void The_L1_penalty_selects_weights()
    {
        var data = Noisy();
        var messages = new List<string>();
        _ml.Log += (_, entry) => messages.Add(entry.RawMessage);
        VBuffer<float>[]? weights = null;
        Fit(data, options => (options.L1Regularization, options.L2Regularization) = (20, 0)).Model.GetWeights(ref weights, out _);
        Assert.All(weights!, vector => Assert.NotEqual(0, vector.GetItemOrDefault(0)));
        Assert.True(weights!.Sum(vector => vector.DenseValues().Skip(1).Count(weight => weight == 0)) > 10);
        Assert.Contains(messages, message => message.StartsWith("L1 regularization selected ", StringComparison.Ordinal));
        Fit(data, options => options.L1Regularization = 0).Model.GetWeights(ref weights, out _);
        Assert.All(weights!, vector => Assert.DoesNotContain(0, vector.DenseValues()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Weights_can_be_kept_from_being_negative(float l1)
    {
        VBuffer<float>[]? weights = null;
        Fit(Noisy(), options => (options.EnforceNonNegativity, options.L1Regularization) = (true, l1)).Model.GetWeights(ref weights, out _);
        Assert.All(weights!, vector => Assert.All(vector.DenseValues(), weight => Assert.True(weight >= 0)));
    }

    [Fact]
    public void Keys_become_slot_names_of_the_scores_and_values_of_the_predictions()
    {
        var data = Texts();
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0, l2Regularization: 0.01f));
        var model = pipeline.Fit(data);
        var output = model.Transform(data);
        Assert.Equal("Key<UInt32, 0-2>", output.Schema["PredictedLabel"].Type.ToString());
        Assert.Equal("Vector<Single, 3>", output.Schema["Score"].Type.ToString());
        Assert.Equal(["南", "east", "west"], Names(output.Schema["Score"], "SlotNames"));
        Assert.Equal(["南", "east", "west"], Names(output.Schema["Score"], "TrainingLabelValues"));
        Assert.Equal(["南", "east", "west"], Names(output.Schema["PredictedLabel"], "KeyValues"));
        ReadOnlyMemory<char> kind = default;
        output.Schema["Score"].Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.Equal("MulticlassClassification", kind.ToString());
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(output).MicroAccuracy);

        var named = _ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel").Fit(output).Transform(output);
        Assert.Equal(data.GetColumn<string>("Name"), named.GetColumn<string>("Answer"));
        Assert.All(output.GetColumn<float[]>("Score"), scores => Assert.Equal(1, scores.Sum(), 1e-5f));
        Assert.Equal("Features", model.LastTransformer.FeatureColumnName);
    }

    [Fact]
    public void A_saved_model_gives_the_same_scores_alone_and_in_a_prediction_engine()
    {
        var data = Texts();
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { ShowTrainingStatistics = true })).Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score"), loaded.Transform(data).GetColumn<float[]>("Score"));
        Assert.Equal(["南", "east", "west"], Names(loaded.Transform(data).Schema["PredictedLabel"], "KeyValues"));
        var last = Assert.IsType<MulticlassPredictionTransformer<MaximumEntropyModelParameters>>(((TransformerChain<ITransformer>)loaded).Last());
        Assert.Equal(model.LastTransformer.Model.GetBiases(), last.Model.GetBiases());
        Assert.Equal(model.LastTransformer.Model.Statistics.Deviance, last.Model.Statistics.Deviance);
        using var engine = _ml.Model.CreatePredictionEngine<Named, Scored>(loaded);
        var single = engine.Predict(new Named { Name = "?", Features = [0, -2] });
        Assert.Equal(3, single.Score.Length);
        Assert.Equal(1u, single.PredictedLabel);
    }

    [Fact]
    public void Training_goes_on_from_given_weights()
    {
        var data = Noisy();
        var first = Fit(data, options => (options.MaximumNumberOfIterations, options.L1Regularization, options.L2Regularization) = (3, 0, 0)).Model;
        // A trainer of ML.NET remembers the weights that it was given, so each Fit gets one of its own.
        LbfgsMaximumEntropyMulticlassTrainer Trainer() => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = 1, L1Regularization = 0, L2Regularization = 0 });
        double Loss(MulticlassPredictionTransformer<MaximumEntropyModelParameters> model) => _ml.MulticlassClassification.Evaluate(model.Transform(data)).LogLoss;
        Assert.True(Loss(Trainer().Fit(data, first)) < Loss(Trainer().Fit(data)));
    }

    [Fact]
    public void Statistics_of_the_fit_are_those_of_the_definition()
    {
        var data = Load([.. Rows(8, 0, 0), .. Rows(2, 0, 1), .. Rows(3, 1, 0), .. Rows(9, 1, 1)]);
        var statistics = Fit(data, options => (options.L1Regularization, options.L2Regularization, options.ShowTrainingStatistics) = (0, 0, true)).Model.Statistics;
        Assert.Equal(22, statistics.TrainingExampleCount);
        double deviance = -2 * ((8 * Math.Log(0.8)) + (2 * Math.Log(0.2)) + (3 * Math.Log(0.25)) + (9 * Math.Log(0.75)));
        Assert.Equal(deviance, statistics.Deviance, 1e-3);
        Assert.Equal(-2 * 22 * Math.Log(0.5), statistics.NullDeviance, 1e-3);
        Assert.Equal(4, statistics.ParametersCount);
        Assert.Null(Fit(data, _ => { }).Model.Statistics);
    }

    [Fact]
    public void Rows_without_label_features_or_weight_are_skipped_and_counted()
    {
        var warnings = new List<string>();
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(entry.RawMessage);
        };
        Row[] bad = [new(0, 0, 1) { Label = 7 }, new(float.NaN, 1, 1), new(float.PositiveInfinity, 1, 1), new(0, 1, 0), new(0, 1, float.NaN)];
        Row[] good = [.. Rows(30, 0, 0), .. Rows(30, 1, 1)];
        var clean = Fit(Load(good), options => options.ExampleWeightColumnName = "Weight").Model.GetBiases();
        Assert.Equal(clean, Fit(Load([.. good, .. bad]), options => options.ExampleWeightColumnName = "Weight").Model.GetBiases());
        Assert.Contains("Skipped 5 instances with missing features/label/weight during training", warnings);
        Assert.Contains("No valid training instances", Assert.Throws<InvalidOperationException>(() => Fit(Load(bad[..3]), _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_columns_and_settings_are_refused()
    {
        var data = Load([.. Rows(3, 0, 0)]);
        var trainers = _ml.MulticlassClassification.Trainers;
        Assert.Contains("'Missing'", Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy("Missing").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("Key<UInt32>", Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy("Weight").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("'Weight'", Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(featureColumnName: "Weight").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(l1Regularization: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(optimizationTolerance: 0));
        var model = Fit(Noisy(), _ => { });
        Assert.Contains("'Features'", Assert.Throws<ArgumentOutOfRangeException>(() => model.GetOutputSchema(data.Schema)).Message, StringComparison.Ordinal);
        var error = Assert.Throws<InvalidOperationException>(() => model.Transform(data).Schema);
        Assert.Contains("Incompatible features column type: 'Vector<Single, 1>' vs 'Vector<Single, 8>'", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cross_validation_trains_and_measures_each_fold()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(Noisy(), _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(), numberOfFolds: 3);
        Assert.Equal([0, 1, 2], folds.Select(fold => fold.Fold));
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.8));
    }

    private MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView data, Action<LbfgsMaximumEntropyMulticlassTrainer.Options> set)
    {
        var options = new LbfgsMaximumEntropyMulticlassTrainer.Options();
        set(options);
        return _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options).Fit(data);
    }

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static IEnumerable<Row> Rows(int count, float x, uint label) => Enumerable.Repeat(new Row(x, label, 1), count);

    /// <summary>The label depends on the first of eight features.</summary>
    private IDataView Noisy()
    {
        var random = new Random(5);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble() - 0.5f)];
            return new Wide { Label = features[0] + (0.1f * features[1]) > 0 ? 1u : 0u, Features = features };
        }).ToArray());
    }

    private IDataView Texts() => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => (i % 3) switch
    {
        0 => new Named { Name = "南", Features = [0.1f, -2 - (i * 0.01f)] },
        1 => new Named { Name = "east", Features = [2 + (i * 0.01f), 1] },
        _ => new Named { Name = "west", Features = [-2 - (i * 0.01f), 1] },
    }).ToArray());

    private static string[] Names(DataViewSchema.Column column, string kind)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(kind, ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static Func<float, float, bool> Near(float tolerance) => (a, b) => Math.Abs(a - b) <= tolerance;

    private sealed class Row(float x, uint label, float weight)
    {
        [KeyType(2)]
        public uint Label { get; set; } = label;

        public float Weight { get; set; } = weight;

        [VectorType(1)]
        public float[] Features { get; set; } = [x];
    }

    private sealed class Wide
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(8)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
