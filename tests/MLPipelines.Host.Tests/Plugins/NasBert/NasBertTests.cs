using Microsoft.ML;
using MLPipelines.Interop;
using MLPipelines.NasBert;

namespace MLPipelines.Host.Tests.Plugins.NasBert;

/// <summary>The plugin with a stand-in for ML.NET's trainers.</summary>
[Collection(ToolCollection.Name)]
public sealed class NasBertTests
{
    private static readonly Row[] s_rows =
    [
        new() { Text = "Anna Bell moved to  Rome", Start = [0, 20], End = [9, 24], Label = ["person", "place"] },
        new() { Text = " tomorrow\tOslo\n", Start = [10], End = [14], Label = ["place"] },
        new() { Text = "Rome", Start = [0], End = [4], Label = ["place"] },
        new() { Text = "nothing at all", Start = [], End = [], Label = [] },
        new() { Text = "", Start = [], End = [], Label = [] },
    ];

    [Fact]
    public void Spans_come_back_where_they_were_whatever_stands_between_words()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(s_rows);
        var trainer = new NasBertNer(context, new());
        using var model = (IDisposable)trainer.Fit(data);
        var scored = ((ITransformer)model).Transform(data);

        var found = context.Data.CreateEnumerable<Found>(scored, reuseRowObject: false).ToList();
        Assert.Equal(s_rows.Select(Describe), found.Select(row => string.Join(' ', row.PredictedStart.Zip(row.PredictedEnd, row.PredictedLabel))));
        Assert.Equal(["Anna Bell", "Rome"], found[0].PredictedText);
        Assert.All(found, row => Assert.All(row.Score, score => Assert.Equal(1, score)));
    }

    [Fact]
    public void Promised_columns_are_those_that_come()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(s_rows);
        var trainer = new NasBertNer(context, new());
        using var model = (IDisposable)trainer.Fit(data);

        Assert.Equal(
            ((ITransformer)model).GetOutputSchema(data.Schema).Where(column => !column.IsHidden).Select(column => column.Name).Order(),
            trainer.GetOutputSchema(SchemaShapes.Of(data.Schema)).Select(column => column.Name).Order());
    }

    [Fact]
    public void Options_reach_the_trainer()
    {
        var options = new NasBertClassification.Options { TextColumn = "A", SecondTextColumn = "B", LabelColumn = "L", Epochs = 3, BatchSize = 5, LearningRate = 1e-3 };
        var given = options.Apply(new Microsoft.ML.TorchSharp.NasBert.TextClassificationTrainer.TextClassificationOptions());
        Assert.Equal(("A", "L", 3, 5, 1e-3), (given.Sentence1ColumnName, given.LabelColumnName, given.MaxEpoch, given.BatchSize, Assert.Single(given.LearningRate)));
        Assert.Throws<ArgumentException>(() => new NasBertClassification(new MLContext(), new() { Epochs = 0 }));
    }

    private static string Describe(Row row) => string.Join(' ', row.Start.Zip(row.End, row.Label));

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public int[] Start { get; set; } = [];

        public int[] End { get; set; } = [];

        public string[] Label { get; set; } = [];
    }

    private sealed class Found
    {
        public int[] PredictedStart { get; set; } = [];

        public int[] PredictedEnd { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public string[] PredictedText { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
