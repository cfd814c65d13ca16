using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

public sealed class MulticlassEvaluationTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Scored
    {
        [KeyType(4)]
        public uint Label { get; set; }

        public float FloatLabel { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        [KeyType(3)]
        public uint PredictedLabel { get; set; }

        public string Text { get; set; } = "";
    }

    private IDataView Data => _ml.Data.LoadFromEnumerable<Scored>(
    [
        new() { Label = 0, FloatLabel = 0, Score = [0.7f, 0.2f, 0.1f] },
        new() { Label = 1, FloatLabel = 1, Score = [0.5f, 0.4f, 0.1f] },
        new() { Label = 1, FloatLabel = 1, Score = [0.1f, 0.8f, 0.1f] },
        new() { Label = 2, FloatLabel = 2, Score = [0.1f, 0.8f, 0.1f] },
        new() { Label = 0, FloatLabel = 0, Score = [0.4f, 0.4f, 0.2f] },
        new() { Label = 2, FloatLabel = 2, Score = [0f, 0f, 1f] },
        new() { Label = 2, FloatLabel = 2, Score = [1f, 0f, 0f] },
        // A class that the scores do not know, no label, and a score that is no number.
        new() { Label = 3, FloatLabel = 3, Score = [0.6f, 0.2f, 0.2f] },
        new() { Label = 9, FloatLabel = float.NaN, Score = [0.6f, 0.2f, 0.2f] },
        new() { Label = 0, FloatLabel = 0.5f, Score = [float.NaN, 0.2f, 0.2f] },
    ]);

    [Theory]
    [InlineData("Label")]
    [InlineData("FloatLabel")]
    public void Metrics_are_those_of_the_definition(string label)
    {
        var metrics = _ml.MulticlassClassification.Evaluate(Data, label, topKPredictionCount: 2);

        double Log(double p) => -Math.Log((float)p);
        double total = Log(0.7f) + Log(0.4f) + Log(0.8f) + Log(0.1f) + Log(0.4f) + Log(1) + Log(1e-15f) + Log(1e-15f);
        double entropy = -((2 * Math.Log(2 / 8.0)) + (2 * Math.Log(2 / 8.0)) + (3 * Math.Log(3 / 8.0))) / 8;
        Assert.Equal(4 / 8.0, metrics.MicroAccuracy, 12);
        Assert.Equal(((2 / 2.0) + (1 / 2.0) + (1 / 3.0)) / 3, metrics.MacroAccuracy, 12);
        Assert.Equal(total / 8, metrics.LogLoss, 9);
        Assert.Equal((entropy - (total / 8)) / entropy, metrics.LogLossReduction, 9);
        Assert.Equal([(Log(0.7f) + Log(0.4f)) / 2, (Log(0.4f) + Log(0.8f)) / 2, (Log(0.1f) + Log(1) + Log(1e-15f)) / 3], metrics.PerClassLogLoss, Near);
        Assert.Equal(2, metrics.TopKPredictionCount);
        Assert.Equal([4 / 8.0, 5 / 8.0], metrics.TopKAccuracyForAllK, Near);
        Assert.Equal(5 / 8.0, metrics.TopKAccuracy, 12);
    }

    private static bool Near(double x, double y) => Math.Abs(x - y) < 1e-9;

    [Fact]
    public void The_confusion_matrix_counts_by_actual_then_predicted_class()
    {
        var matrix = _ml.MulticlassClassification.Evaluate(Data).ConfusionMatrix;

        Assert.Equal(3, matrix.NumberOfClasses);
        Assert.Equal([[2, 0, 0], [1, 1, 0], [1, 1, 1]], matrix.Counts.Select(row => row.ToArray()).ToArray());
        Assert.Equal([2 / 4.0, 1 / 2.0, 1], matrix.PerClassPrecision, Near);
        Assert.Equal([1, 1 / 2.0, 1 / 3.0], matrix.PerClassRecall, Near);
        Assert.Equal(1, matrix.GetCountForClassPair(predictedClassIndicatorIndex: 0, actualClassIndicatorIndex: 1));
        Assert.Equal(0, matrix.GetCountForClassPair(predictedClassIndicatorIndex: 2, actualClassIndicatorIndex: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(0, -1));
    }

    [Fact]
    public void The_confusion_matrix_is_printed_as_a_table()
    {
        string[] lines =
        [
            "",
            "Confusion table",
            "          ||========================",
            "PREDICTED ||     0 |     1 |     2 | Recall",
            "TRUTH     ||========================",
            "        0 ||     2 |     0 |     0 | 1.0000",
            "        1 ||     1 |     1 |     0 | 0.5000",
            "        2 ||     1 |     1 |     1 | 0.3333",
            "          ||========================",
            "Precision ||0.5000 |0.5000 |1.0000 |",
            "",
        ];
        Assert.Equal(lines, _ml.MulticlassClassification.Evaluate(Data).ConfusionMatrix.GetFormattedConfusionTable().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public void Slot_names_of_the_scores_name_the_classes_of_the_table()
    {
        var definition = SchemaDefinition.Create(typeof(Scored), SchemaDefinition.Direction.Read);
        definition["Score"].AddAnnotation("SlotNames", new[] { "short", "somewhat longer", "x" }, new VectorDataViewType(TextDataViewType.Instance, 3));
        var named = _ml.Data.LoadFromEnumerable(_ml.Data.CreateEnumerable<Scored>(Data, false).Take(7), definition);
        var matrix = _ml.MulticlassClassification.Evaluate(named, "FloatLabel").ConfusionMatrix;
        var table = matrix.GetFormattedConfusionTable().ReplaceLineEndings("\n").Split('\n');

        Assert.Equal("PREDICTED          ||     0 |     1 |     2 | Recall", table[3]);
        Assert.Equal("0.           short ||     2 |     0 |     0 | 1.0000", table[5]);
        Assert.Equal("1. somewhat longer ||     1 |     1 |     0 | 0.5000", table[6]);
    }

    [Fact]
    public void Without_rows_the_metrics_are_zero()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(_ml.Data.SkipRows(Data, 100));

        Assert.Equal((0, 0, 0), (metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.LogLoss));
        Assert.Equal(0, metrics.TopKAccuracy);
        Assert.Equal(0, metrics.TopKPredictionCount);
        Assert.True(double.IsNaN(metrics.LogLossReduction));
        Assert.Equal([0, 0, 0], metrics.PerClassLogLoss);
    }

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_named()
    {
        void Names(string column, Action act) => Assert.Contains(column, Assert.Throws<ArgumentOutOfRangeException>(act).Message);

        Names("None", () => _ml.MulticlassClassification.Evaluate(Data, "None"));
        Names("None", () => _ml.MulticlassClassification.Evaluate(Data, scoreColumnName: "None"));
        Names("None", () => _ml.MulticlassClassification.Evaluate(Data, predictedLabelColumnName: "None"));
        Names("Text", () => _ml.MulticlassClassification.Evaluate(Data, "Text"));
        Names("FloatLabel", () => _ml.MulticlassClassification.Evaluate(Data, scoreColumnName: "FloatLabel"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(Data, topKPredictionCount: -1));
        Assert.Throws<ArgumentNullException>(() => _ml.MulticlassClassification.Evaluate(null!));
    }

    [Fact]
    public void Cross_validation_scores_each_row_in_one_fold()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(
            i => new Scored { Label = (uint)i % 3, Score = [i % 3 == 0 ? 0.8f : 0.1f, i % 3 == 1 ? 0.8f : 0.1f, i % 3 == 2 ? 0.8f : 0.1f] }).ToArray());
        var results = _ml.MulticlassClassification.CrossValidate(data, _ml.Transforms.CopyColumns("Copy", "Score"), numberOfFolds: 3, seed: 1);

        Assert.Equal([0, 1, 2], results.Select(result => result.Fold));
        Assert.All(results, result => Assert.Equal(1, result.Metrics.MicroAccuracy));
        Assert.All(results, result => Assert.NotNull(result.ScoredHoldOutSet.Schema.GetColumnOrNull("Copy")));
        Assert.Equal(60, results.Sum(result => result.ScoredHoldOutSet.GetColumn<uint>("Label").Count()));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.CrossValidate(data, _ml.Transforms.CopyColumns("Copy", "Score"), 1));
    }
}
