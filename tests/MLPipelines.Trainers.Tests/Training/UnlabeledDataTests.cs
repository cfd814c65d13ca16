using Microsoft.ML;
using MLPipelines.Classification;
using MLPipelines.Testing;
using MLPipelines.Trainers.Tests.Classification;
using MLPipelines.Trainers.Tests.MultiLabel;
using MLPipelines.Trainers.Training;
using Xunit;

namespace MLPipelines.Trainers.Tests.Training;

/// <summary>Rows without labels take part in the training of every trainer that has a regulariser for them.</summary>
[Collection(ContractCollection.Name)]
public sealed class UnlabeledDataTests
{
    readonly MLContext ml = new(1);

    public sealed class Sentence
    {
        public string Text { get; set; } = "";
    }

    IDataView Sentences(int count = 9) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Sentence { Text = $"nobody labelled this, Zoe of Kyiv {i}" }));

    /// <summary>Fits with and without the rows; with them the run has to differ, and to repeat.</summary>
    static void RequireUse(Func<IDataView?, double, TrainingReport> fit, IDataView rows)
    {
        var (with, again, without) = (fit(rows, 1), fit(rows, 1), fit(null, 1));
        Assert.Equal(with.Epochs[^1].Loss, again.Epochs[^1].Loss);
        Assert.NotEqual(with.Epochs[^1].Loss, without.Epochs[^1].Loss);
        Assert.True(with.Parameters > without.Parameters, "the vocabulary does not know the texts without labels");
        Assert.Equal(with.Examples, without.Examples);
    }

    static TrainingReport Report(Func<Action<TrainingReport>, ITransformer> fit)
    {
        TrainingReport? report = null;
        (fit(r => report = r) as IDisposable)?.Dispose();
        return report!;
    }

    [Fact]
    public void Span_extraction_uses_them() => RequireUse(
        (rows, weight) => Report(done => ml.SpanExtraction().Trainers.GlobalPointer(GlobalPointerTrainerTests.Tiny with { Vat = weight, UnlabeledData = rows, Completed = done }).Fit(ml.Data.LoadFromEnumerable(Towns.Rows()))),
        Sentences());

    [Fact]
    public void Multi_label_classification_uses_them() => RequireUse(
        (rows, weight) => Report(done => ml.MultiLabel().Trainers.RoFormer(MultiLabelTrainerTests.Tiny with { Vat = weight, UnlabeledData = rows, Completed = done }).Fit(ml.Data.LoadFromEnumerable(Feelings.Rows()))),
        Sentences());

    [Fact]
    public void Classification_uses_them() => RequireUse(
        (rows, weight) => Report(done => ml.MulticlassClassification.Trainers.RoFormer(TextClassificationTrainerTests.Tiny with { Vat = weight, UnlabeledData = rows, Completed = done }).Fit(Orders.Keyed(ml))),
        Sentences());

    [Fact]
    public void Missing_column_is_named_and_data_that_nothing_uses_are_warned_of()
    {
        var options = MultiLabelTrainerTests.Tiny with { Vat = 1, UnlabeledData = ml.Data.LoadFromEnumerable(new[] { new { Sentence = "a" } }) };
        Assert.Contains("'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => ml.MultiLabel().Trainers.RoFormer(options).Fit(ml.Data.LoadFromEnumerable(Feelings.Rows()))).Message, StringComparison.Ordinal);

        var warnings = new List<string>();
        ml.Log += (_, line) => warnings.Add(line.Message);
        (ml.MultiLabel().Trainers.RoFormer(MultiLabelTrainerTests.Tiny with { UnlabeledData = Sentences(), Regularizers = ["mixup"] }).Fit(ml.Data.LoadFromEnumerable(Feelings.Rows())) as IDisposable)?.Dispose();
        Assert.Contains(warnings, line => line.Contains("no regulariser uses them; set Vat", StringComparison.Ordinal));
    }
}
