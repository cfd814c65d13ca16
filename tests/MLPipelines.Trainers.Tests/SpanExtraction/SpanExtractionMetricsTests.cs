using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Trainers.SpanExtraction;
using TorchSharp;
using Xunit;

namespace MLPipelines.Trainers.Tests.SpanExtraction;

public sealed class SpanExtractionMetricsTests
{
    sealed class Row
    {
        public int[] Start { get; set; } = [];

        public int[] End { get; set; } = [];

        public string[] Label { get; set; } = [];

        public int[] PredictedStart { get; set; } = [];

        public int[] PredictedEnd { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];
    }

    static SpanExtractionMetrics Evaluate(params Row[] rows)
    {
        var ml = new MLContext(1);
        return ml.SpanExtraction().Evaluate(ml.Data.LoadFromEnumerable(rows));
    }

    [Fact]
    public void Numbers_are_those_computed_by_hand()
    {
        var metrics = Evaluate(
            // Right: (0,2,A). Wrong label: (3,5). Wrong end: (6,9). The second (0,2,A) is the same span.
            new Row { Start = [0, 3, 6, 0], End = [2, 5, 8, 2], Label = ["A", "A", "B", "A"], PredictedStart = [0, 3, 6], PredictedEnd = [2, 5, 9], PredictedLabel = ["A", "B", "B"] },
            new Row { Start = [1], End = [4], Label = ["B"], PredictedStart = [1, 1], PredictedEnd = [4, 4], PredictedLabel = ["B", "B"] },
            new Row());
        Assert.Equal((2, 4, 4), (metrics.Correct, metrics.Predicted, metrics.Support));
        Assert.Equal((0.5, 0.5, 0.5), (metrics.Precision, metrics.Recall, metrics.F1));
        Assert.Equal(["A", "B"], metrics.PerLabel.Keys);
        Assert.Equal(new SpanLabelMetrics(1, 1, 2), metrics.PerLabel["A"]);
        Assert.Equal(new SpanLabelMetrics(1, 3, 2), metrics.PerLabel["B"]);
        Assert.Equal((1.0, 0.5, 2 / 3.0), (metrics.PerLabel["A"].Precision, metrics.PerLabel["A"].Recall, metrics.PerLabel["A"].F1));
        Assert.Equal((2 / 3.0 + 2 / 5.0) / 2, metrics.MacroF1, 1e-12);
    }

    [Fact]
    public void Nothing_divides_by_zero()
    {
        foreach (var metrics in new[] { Evaluate(), Evaluate(new Row()), Evaluate(new Row { Start = [0], End = [1], Label = ["A"] }), Evaluate(new Row { PredictedStart = [0], PredictedEnd = [1], PredictedLabel = ["A"] }) })
        {
            Assert.Equal((0.0, 0.0, 0.0, 0.0), (metrics.Precision, metrics.Recall, metrics.F1, metrics.MacroF1));
        }
    }

    [Fact]
    public void Vectors_of_different_length_are_refused_with_the_row()
    {
        var error = Assert.Throws<DataFormatException>(() => Evaluate(new Row(), new Row { Start = [0], End = [1] }));
        Assert.Contains("row 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable([new SpanExtractionRow()]);
        Assert.Contains("'PredictedStart'", Assert.Throws<ArgumentOutOfRangeException>(() => ml.SpanExtraction().Evaluate(data)).Message, StringComparison.Ordinal);
    }

    /// <summary>The same numbers as a public implementation on the golden logits and labels, where every cell counts.</summary>
    [Fact]
    public void Agree_with_the_golden_numbers()
    {
        using var scope = torch.NewDisposeScope();
        var golden = Golden.Load("global_pointer_loss_and_f1.json");
        var labels = golden.At("labels").Tensor(torch.ScalarType.Float64);
        var logits = Golden.Load("global_pointer.json").At("outputs").At("logits_rope").Tensor(torch.ScalarType.Float64);
        var counter = new SpanCounter();
        for (var b = 0; b < labels.shape[0]; b++) counter.Add(Spans(labels[b]), Spans(logits[b]));
        var metrics = counter.Result();
        var expected = golden.At("evaluate_f1_precision_recall").EnumerateArray().Select(x => x.GetDouble()).ToArray();
        Assertions.Close(expected, [metrics.F1, metrics.Precision, metrics.Recall], 1e-9);
        Assertions.Close([golden.At("batch_f1").GetDouble()], [metrics.F1], 1e-9);

        static IEnumerable<LabeledSpan> Spans(torch.Tensor cells)
        {
            var (types, length) = ((int)cells.shape[0], (int)cells.shape[1]);
            return cells.Doubles().Select((value, i) => (value, i)).Where(x => x.value > 0)
                .Select(x => new LabeledSpan(x.i / length % length, x.i % length + 1, $"type {x.i / length / length} of {types}")).ToList();
        }
    }
}
