using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Trainers.SpanExtraction;
using Spectre.Console;

namespace MLPipelines.Host.Models;

/// <summary>Span extraction: <c>mlp train ner</c> and the models that it makes.</summary>
internal sealed class NerTask : IModelTask
{
    private const string Entities = "entities";

    public string Name => "ner";

    public string ComponentId => "transform.span-extraction.v1";

    public Evaluation Evaluate(LoadedModel model, string dataFile, TextOffsets offsets)
    {
        var catalog = model.Context.SpanExtraction();
        return Report(catalog.Evaluate(model.Transformer.Transform(catalog.LoadFromJsonLines(dataFile, offsets))));
    }

    public IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, TextOffsets offsets)
    {
        // The model reads ahead to form batches; every row that it has not answered yet waits here, bad rows among them.
        var waiting = new ConcurrentQueue<InputRow>();
        var scored = model.Transformer.Transform(model.Context.Data.LoadFromEnumerable(Texts(rows, waiting)));
        foreach (var prediction in model.Context.Data.CreateEnumerable<Prediction>(scored, reuseRowObject: false))
        {
            while (waiting.TryDequeue(out var row))
            {
                if (row.Error is not null)
                {
                    yield return WithError(row);
                    continue;
                }

                yield return WithEntities(row, prediction, offsets);
                break;
            }
        }

        while (waiting.TryDequeue(out var row))
        {
            yield return WithError(row);
        }
    }

    internal static Evaluation Report(SpanExtractionMetrics metrics)
    {
        var perLabel = new JsonObject();
        var table = new Table().Border(TableBorder.Simple).AddColumn("label");
        foreach (var title in (string[])["precision", "recall", "F1", "support"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (label, values) in metrics.PerLabel)
        {
            perLabel[label] = Numbers(values.Precision, values.Recall, values.F1, values.Support);
            AddRow(table, Markup.Escape(label), values.Precision, values.Recall, values.F1, values.Support);
        }

        AddRow(table, "[bold]all[/]", metrics.Precision, metrics.Recall, metrics.F1, metrics.Support);
        var described = Numbers(metrics.Precision, metrics.Recall, metrics.F1, metrics.Support);
        described["per_label"] = perLabel;
        return new Evaluation(described, table);
    }

    private static IEnumerable<TextRow> Texts(IEnumerable<InputRow> rows, ConcurrentQueue<InputRow> waiting)
    {
        foreach (var row in rows)
        {
            waiting.Enqueue(row);
            if (row.Error is null)
            {
                yield return new TextRow { Text = row.Text! };
            }
        }
    }

    private static JsonObject WithError(InputRow row)
    {
        row.Fields["error"] = row.Error;
        return row.Fields;
    }

    private static JsonObject WithEntities(InputRow row, Prediction prediction, TextOffsets offsets)
    {
        var positions = offsets == TextOffsets.CodePoints ? CodePoints.Before(row.Text!) : null;
        var found = new JsonArray();
        for (var i = 0; i < prediction.PredictedStart.Length; i++)
        {
            var (start, end) = (prediction.PredictedStart[i], prediction.PredictedEnd[i]);
            found.Add(new JsonObject
            {
                ["start"] = positions?[start] ?? start,
                ["end"] = positions?[end] ?? end,
                ["label"] = prediction.PredictedLabel[i],
                ["text"] = prediction.PredictedText[i],
                ["score"] = prediction.Score[i],
            });
        }

        if (row.Fields.Remove(Entities, out var gold))
        {
            row.Fields["gold_" + Entities] = gold;
        }

        row.Fields[Entities] = found;
        return row.Fields;
    }

    private static JsonObject Numbers(double precision, double recall, double f1, long support) =>
        new() { ["precision"] = precision, ["recall"] = recall, ["f1"] = f1, ["support"] = support };

    private static void AddRow(Table table, string label, double precision, double recall, double f1, long support) =>
        table.AddRow(label, Fixed(precision), Fixed(recall), Fixed(f1), support.ToString(CultureInfo.InvariantCulture));

    private static string Fixed(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class Prediction
    {
        public int[] PredictedStart { get; set; } = [];

        public int[] PredictedEnd { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public string[] PredictedText { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
