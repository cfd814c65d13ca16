using System.Text;
using System.Text.Json.Nodes;

namespace MLPipelines.Host;

/// <summary>Reads a row from each line of a stream: JSON lines, plain text, or a table.</summary>
internal static class TextRows
{
    /// <summary>One row for each line, in order; the header of a table is no row, and a record of a CSV file is one row, whatever number of lines it has.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What the user called it, for messages.</param>
    /// <param name="format">How lines hold texts.</param>
    /// <param name="column">The field with the text; null is <c>text</c>. A number is that of a column, from 0, in a table without a header.</param>
    internal static IEnumerable<InputRow> Read(Stream stream, string name, TextFormat format, string? column) => Read(stream, name, format, [column ?? "text"]);

    /// <summary>One row for each line, as above.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What the user called it, for messages.</param>
    /// <param name="format">How lines hold texts.</param>
    /// <param name="textFields">The fields that may hold the text, the first one that is there does; none where rows need not have a text.</param>
    internal static IEnumerable<InputRow> Read(Stream stream, string name, TextFormat format, IReadOnlyList<string> textFields)
    {
        format = format == TextFormat.Auto ? ByExtension(name) : format;
        var lines = TextLine.Read(stream);
        return format switch
        {
            TextFormat.Csv => ReadTable(TextLine.JoinQuoted(lines), isCsv: true, name, textFields),
            TextFormat.Tsv => ReadTable(lines, isCsv: false, name, textFields),
            _ => ReadLines(lines, format, textFields),
        };
    }

    private static IEnumerable<InputRow> ReadLines(IEnumerable<TextLine> lines, TextFormat format, IReadOnlyList<string> textFields)
    {
        var blank = new List<TextLine>();
        foreach (var line in lines)
        {
            // The first line that says something tells the format.
            if (format == TextFormat.Auto && line.Bytes.Span.Trim(" \t"u8).IsEmpty)
            {
                blank.Add(line.Copy());
                continue;
            }

            format = format != TextFormat.Auto ? format : line.Bytes.Span.TrimStart(" \t"u8).StartsWith("{"u8) ? TextFormat.JsonLines : TextFormat.Text;
            foreach (var earlier in blank)
            {
                yield return ReadLine(earlier, format, textFields);
            }

            blank.Clear();
            yield return ReadLine(line, format, textFields);
        }

        foreach (var line in blank)
        {
            yield return ReadLine(line, TextFormat.Text, textFields);
        }
    }

    private static InputRow ReadLine(TextLine line, TextFormat format, IReadOnlyList<string> textFields) =>
        format == TextFormat.JsonLines ? InputRow.Parse(line.Bytes.Span, line.Number, textFields)
        : line.Text is not { } text ? Bad(line)
        : new InputRow(line.Number, new JsonObject { [textFields.FirstOrDefault(field => !TableHeader.IsNumber(field)) ?? "text"] = text }, text, null);

    private static IEnumerable<InputRow> ReadTable(IEnumerable<TextLine> records, bool isCsv, string name, IReadOnlyList<string> textFields)
    {
        TableHeader? header = null;
        foreach (var record in records)
        {
            if (record.Text is not { } text)
            {
                yield return header is not null ? Bad(record) : throw new UsageException($"{name}, line {record.Number}: this is not valid UTF-8. Expected the names of the columns.");
            }
            else if (header is not null)
            {
                yield return header.ToRow(text, record.Number);
            }
            else if (textFields is [var column, ..] && TableHeader.IsNumber(column))
            {
                header = TableHeader.Numbered(text, isCsv, name, column);
                yield return header.ToRow(text, record.Number);
            }
            else
            {
                header = TableHeader.Read(text, isCsv, name, textFields);
            }
        }
    }

    private static InputRow Bad(TextLine line) => new(line.Number, new JsonObject { ["input"] = Encoding.UTF8.GetString(line.Bytes.Span) }, null, $"line {line.Number}: this is not valid UTF-8");

    private static TextFormat ByExtension(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" or ".json" => TextFormat.JsonLines,
        ".tsv" or ".tab" => TextFormat.Tsv,
        ".csv" => TextFormat.Csv,
        ".txt" => TextFormat.Text,
        _ => TextFormat.Auto,
    };
}
