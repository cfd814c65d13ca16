using System.Text;
using System.Text.Json.Nodes;

namespace MLPipelines.Host;

/// <summary>Reads a text from each line of a stream: JSON lines, plain text, or a table with a header.</summary>
internal static class TextRows
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>One row for each line, in order; the header of a table is no row.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What the user called it, for messages.</param>
    /// <param name="format">How lines hold texts.</param>
    /// <param name="column">The field with the text; null is <c>text</c>.</param>
    internal static IEnumerable<InputRow> Read(Stream stream, string name, TextFormat format, string? column)
    {
        long number = 0;
        TableHeader? header = null;
        format = format == TextFormat.Auto ? ByExtension(name) : format;
        foreach (var line in LineReader.Read(stream))
        {
            var content = number++ == 0 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
            if (format == TextFormat.Auto)
            {
                format = content.Span.TrimStart(" \t"u8).StartsWith("{"u8) ? TextFormat.JsonLines : TextFormat.Text;
            }

            if (format == TextFormat.JsonLines)
            {
                yield return InputRow.Parse(content.Span, number, column ?? "text");
            }
            else if (Decode(content.Span) is not { } text)
            {
                yield return Bad(content.Span, number, "this is not valid UTF-8");
            }
            else if (format == TextFormat.Text)
            {
                yield return new InputRow(number, new JsonObject { [column ?? "text"] = text }, text, null);
            }
            else if (header is null)
            {
                header = TableHeader.Read(text, format == TextFormat.Csv, name, column);
            }
            else
            {
                yield return header.ToRow(text, number);
            }
        }
    }

    private static InputRow Bad(ReadOnlySpan<byte> line, long number, string what) => new(number, new JsonObject { ["input"] = Encoding.UTF8.GetString(line) }, null, $"line {number}: {what}");

    private static string? Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return s_strict.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static TextFormat ByExtension(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" or ".json" => TextFormat.JsonLines,
        ".tsv" => TextFormat.Tsv,
        ".csv" => TextFormat.Csv,
        ".txt" => TextFormat.Text,
        _ => TextFormat.Auto,
    };
}
