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

    public string? ComponentId => "transform.span-extraction.v1";

    public bool GivesOffsets => true;

    public Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data)
    {
        var catalog = model.Context.SpanExtraction();
        var columns = new Columns(model);
        var scored = columns.Input.Score(catalog.LoadFromJsonLines(dataFile, data.Offsets));
        return Report(catalog.Evaluate(scored, predictedStartColumn: columns.Start, predictedEndColumn: columns.End, predictedLabelColumn: columns.Label));
    }

    public IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, PredictSettings settings)
    {
        var columns = new Columns(model);
        return columns.Input.Answer(columns.Outputs, rows, settings, row =>
        {
            var prediction = new Prediction(row, columns);
            return target => AddEntities(target, prediction.Read(), settings.Offsets);
        });
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

    private static void AddEntities(InputRow row, IEnumerable<(int Start, int End, string Label, float Score)> spans, TextOffsets offsets)
    {
        var positions = offsets == TextOffsets.CodePoints ? CodePoints.Before(row.Text!) : null;
        var found = new JsonArray();
        foreach (var (start, end, label, score) in spans)
        {
            found.Add(new JsonObject
            {
                ["start"] = positions?[start] ?? start,
                ["end"] = positions?[end] ?? end,
                ["label"] = label,
                ["text"] = row.Text![start..end],
                ["score"] = score,
            });
        }

        LabeledRows.Set(row.Fields, Entities, found);
    }

    private static JsonObject Numbers(double precision, double recall, double f1, long support) =>
        new() { ["precision"] = precision, ["recall"] = recall, ["f1"] = f1, ["support"] = support };

    private static void AddRow(Table table, string label, double precision, double recall, double f1, long support) =>
        table.AddRow(label, Fixed(precision), Fixed(recall), Fixed(f1), support.ToString(CultureInfo.InvariantCulture));

    private static string Fixed(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>The names of the model's columns: a pipeline may have given them others than the usual ones.</summary>
    private sealed class Columns(LoadedModel model)
    {
        private readonly JsonNode? _scoring = model.Package.Options["scoring"];

        internal string Start => Name("startColumn", "PredictedStart");

        internal string End => Name("endColumn", "PredictedEnd");

        internal string Label => Name("labelColumn", "PredictedLabel");

        internal string Value => Name("scoreColumn", "Score");

        internal IReadOnlyCollection<string> Outputs => [Start, End, Label, Value];

        /// <summary>How texts get in.</summary>
        internal TextInput Input => new(model, Name("textColumn", "Text"));

        private string Name(string option, string usual) => _scoring?[option]?.GetValue<string>() ?? usual;
    }

    /// <summary>Reads the spans of the row that a cursor stands on.</summary>
    private sealed class Prediction(DataViewRow row, Columns columns)
    {
        private readonly ValueGetter<VBuffer<int>> _getStarts = Getter<int>(row, columns.Start);
        private readonly ValueGetter<VBuffer<int>> _getEnds = Getter<int>(row, columns.End);
        private readonly ValueGetter<VBuffer<ReadOnlyMemory<char>>> _getLabels = Getter<ReadOnlyMemory<char>>(row, columns.Label);
        private readonly ValueGetter<VBuffer<float>> _getScores = Getter<float>(row, columns.Value);
        private VBuffer<int> _starts;
        private VBuffer<int> _ends;
        private VBuffer<ReadOnlyMemory<char>> _labels;
        private VBuffer<float> _scores;

        internal IEnumerable<(int Start, int End, string Label, float Score)> Read()
        {
            _getStarts(ref _starts);
            _getEnds(ref _ends);
            _getLabels(ref _labels);
            _getScores(ref _scores);
            return Enumerable.Range(0, _starts.Length).Select(i => (_starts.GetItemOrDefault(i), _ends.GetItemOrDefault(i), _labels.GetItemOrDefault(i).ToString(), _scores.GetItemOrDefault(i)));
        }

        private static ValueGetter<VBuffer<T>> Getter<T>(DataViewRow row, string column) => row.GetGetter<VBuffer<T>>(row.Schema[column]);
    }
}
