using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Schema;
using Spectre.Console;

namespace MLPipelines.Host.Models;

/// <summary>What the tasks that label whole texts have in common: pairs of texts, values by label, tables.</summary>
internal static class LabeledRows
{
    /// <summary>The scorer's columns for text and second text.</summary>
    internal static (string Text, string? Second) Columns(LoadedModel model)
    {
        var input = model.Package.Options["scoring"]?["input"];
        return (input?["textColumn"]?.GetValue<string>() ?? "Text", input?["secondTextColumn"]?.GetValue<string>());
    }

    /// <summary>Rows for a model of pairs need a second text; those without it are bad.</summary>
    internal static IEnumerable<InputRow> WithSecondText(IEnumerable<InputRow> rows, IReadOnlyList<string> fields) => rows.Select(row =>
        row.Error is not null ? row
        : fields.FirstOrDefault(row.Fields.ContainsKey) is { } field && row.Fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? row with { SecondText = text }
        : row with { Error = $"line {row.Number}: the field \"{fields[0]}\" is missing or no string; the model reads pairs of texts" });

    /// <summary>Puts a prediction under a name; an input field of that name becomes <c>gold_NAME</c>.</summary>
    internal static void Set(JsonObject fields, string name, JsonNode? value)
    {
        MoveAside(fields, name, "gold_");
        fields[name] = value;
    }

    /// <summary>Gives an input field another name, so that nothing of the input is lost: with a prefix, and a number from 2 where there is such a field already.</summary>
    internal static void MoveAside(JsonObject fields, string name, string prefix)
    {
        if (!fields.Remove(name, out var given))
        {
            return;
        }

        var (free, number) = (prefix + name, 2);
        while (fields.ContainsKey(free))
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{prefix}{name}_{number++}");
        }

        fields[free] = given;
    }

    /// <summary>The labels that the slots of a vector stand for.</summary>
    internal static IReadOnlyList<string> Names(DataViewRow row, string column) =>
        SlotNames.Of(row.Schema[column]) ?? throw new UsageException($"the column \"{column}\" of the model does not name its slots.");

    /// <summary>Reads a vector with one slot for each label as an object.</summary>
    internal static Func<JsonObject> ByLabel(DataViewRow row, string column)
    {
        var names = Names(row, column);
        var get = row.GetGetter<VBuffer<float>>(row.Schema[column]);
        VBuffer<float> values = default;
        return () =>
        {
            get(ref values);
            return new JsonObject([.. values.DenseValues().Select((value, i) => KeyValuePair.Create<string, JsonNode?>(names[i], value))]);
        };
    }

    /// <summary>A table with a row for each label.</summary>
    internal static Table Table(IEnumerable<(string Label, double Precision, double Recall, double F1, long Support)> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("label");
        foreach (var title in (string[])["precision", "recall", "F1", "support"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var (label, precision, recall, f1, support) in rows)
        {
            table.AddRow(Markup.Escape(label), Fixed(precision), Fixed(recall), Fixed(f1), support.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    internal static JsonObject Numbers(double precision, double recall, double f1, long support) =>
        new() { ["precision"] = precision, ["recall"] = recall, ["f1"] = f1, ["support"] = support };

    internal static string Fixed(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
