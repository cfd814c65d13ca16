using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MLPipelines.Trainers.Files;

namespace MLPipelines.Host;

/// <summary>Two sentences and how similar they are.</summary>
internal sealed record ScoredPair(string First, string Second, float Score);

/// <summary>Reads scored sentence pairs: JSON lines <c>{"text1", "text2", "score"}</c>, or a table with a header.</summary>
internal static class PairFile
{
    private const string Example = "{\"text1\": \"…\", \"text2\": \"…\", \"score\": 1}";

    private static readonly string[] s_first = ["text1", "sentence1"];
    private static readonly string[] s_second = ["text2", "sentence2"];
    private static readonly string[] s_score = ["score", "label"];

    /// <summary>Every pair of a file, in order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The names of the columns, or fields; those not given are <c>text1</c>, <c>text2</c> and <c>score</c>, or <c>sentence1</c>, <c>sentence2</c> and <c>label</c>.</param>
    /// <param name="drop">A sentence that means that there is none: pairs with it are left out. Null keeps all.</param>
    /// <exception cref="UsageException">The file cannot be read, has no pairs, or a line is none.</exception>
    internal static IReadOnlyList<ScoredPair> Read(string path, LabeledTextFormat format, string? drop = null)
    {
        var columns = Columns(path, format);
        using var stream = InputFile.Open(path, "the file of sentence pairs");
        var pairs = new List<ScoredPair>();
        foreach (var row in TextRows.Read(stream, path, TextFormat.Auto, columns.First))
        {
            if (row.Error is not null)
            {
                throw new UsageException($"{path}, {row.Error}. Expected {Example}, or a table with the columns {columns.First}, {columns.Second} and {columns.Score}.");
            }

            var pair = new ScoredPair(row.Text!, Text(row, columns.Second, path), Score(row, columns.Score, path));
            if (drop is null || (pair.First != drop && pair.Second != drop))
            {
                pairs.Add(pair);
            }
        }

        return pairs.Count > 0 ? pairs : throw new UsageException($"{path}: found no sentence pairs, expected lines such as {Example}.");
    }

    /// <summary>The names that the file uses: those given, otherwise the first known ones that its first line has.</summary>
    private static (string First, string Second, string Score) Columns(string path, LabeledTextFormat format)
    {
        using var stream = InputFile.Open(path, "the file of sentence pairs");
        var line = Encoding.UTF8.GetString(LineReader.Read(stream).FirstOrDefault().Span).TrimStart('\uFEFF');
        var names = line.TrimStart().StartsWith('{') ? Fields(line) : TableHeader.Split(line, isCsv: Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase)) ?? [];
        return (Known(format.TextColumn, s_first), Known(format.SecondTextColumn, s_second), Known(format.LabelColumn, s_score));

        string Known(string? given, string[] known) => given ?? known.FirstOrDefault(names.Contains) ?? known[0];
    }

    private static List<string> Fields(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject fields ? [.. fields.Select(field => field.Key)] : [];
        }
        catch (System.Text.Json.JsonException)
        {
            // The line is reported with its place when it is read as a row.
            return [];
        }
    }

    private static string Text(InputRow row, string column, string path) => row.Fields[column] is JsonValue value && value.TryGetValue<string>(out var text)
        ? text : throw new UsageException($"{path}, line {row.Number}: {Found(row, column)}, expected the second sentence in the field or column \"{column}\". Name it: --second-text-column.");

    private static float Score(InputRow row, string column, string path)
    {
        if (row.Fields[column] is JsonValue value)
        {
            var text = value.TryGetValue<string>(out var given) ? given : value.ToJsonString();
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && float.IsFinite(score))
            {
                return score;
            }
        }

        throw new UsageException($"{path}, line {row.Number}: {Found(row, column)}, expected a number in the field or column \"{column}\". Name it: --label-column.");
    }

    private static string Found(InputRow row, string column) => row.Fields.TryGetPropertyValue(column, out var value) ? $"found {value?.ToJsonString() ?? "null"}" : $"found only {string.Join(", ", row.Fields.Select(field => field.Key))}";
}
