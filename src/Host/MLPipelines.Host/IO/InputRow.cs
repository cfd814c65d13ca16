using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLPipelines.Host;

/// <summary>One line of a JSON-lines file: an object with its text, or the reason why it is none.</summary>
/// <param name="Number">The line, from 1.</param>
/// <param name="Fields">The fields; for a line that is not a JSON object, one field <c>input</c> with the line itself.</param>
/// <param name="Text">The value of the field that holds the text; null when the line is bad.</param>
/// <param name="Error">What is wrong with the line; null when it is good.</param>
internal sealed record InputRow(long Number, JsonObject Fields, string? Text, string? Error)
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false };

    internal static IEnumerable<InputRow> ReadAll(Stream stream)
    {
        long number = 0;
        foreach (var line in LineReader.Read(stream))
        {
            var content = number == 0 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
            yield return Parse(content.Span, ++number);
        }
    }

    /// <summary>Reads one line.</summary>
    internal static InputRow Parse(ReadOnlySpan<byte> line, long number, string textField = "text")
    {
        try
        {
            return JsonNode.Parse(line, documentOptions: s_options) is JsonObject fields ? FromObject(fields, number, textField) : Bad(line, number, 1, "this is not a JSON object");
        }
        catch (JsonException error)
        {
            var column = Encoding.UTF8.GetCharCount(line[..(int)Math.Min(error.BytePositionInLine ?? 0, line.Length)]) + 1;
            return Bad(line, number, column, line.Trim(" \t"u8).IsEmpty ? "the line is empty" : "this is not JSON");
        }
    }

    private static InputRow FromObject(JsonObject fields, long number, string textField)
    {
        try
        {
            return fields[textField] switch
            {
                JsonValue value when value.TryGetValue<string>(out var text) => new(number, fields, text, null),
                null => new(number, fields, null, $"line {number}: the field \"{textField}\" is missing"),
                var other => new(number, fields, null, $"line {number}: the field \"{textField}\" is {other.GetValueKind()}, expected a string"),
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
            return new(number, new JsonObject(), null, $"line {number}: the field \"{textField}\" is not valid Unicode");
        }
    }

    private static InputRow Bad(ReadOnlySpan<byte> line, long number, int column, string what) =>
        new(number, new JsonObject { ["input"] = Encoding.UTF8.GetString(line) }, null, $"line {number}, column {column}: {what}");
}
