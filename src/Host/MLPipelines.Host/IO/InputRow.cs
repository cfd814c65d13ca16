using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace MLPipelines.Host;

/// <summary>One line of a JSON-lines file: an object with its text, or the reason why it is none.</summary>
/// <param name="Number">The line, from 1.</param>
/// <param name="Fields">The fields; for a line that is not a JSON object, one field <c>input</c> with the line itself.</param>
/// <param name="Text">The value of the field that holds the text; null when the line is bad.</param>
/// <param name="Error">What is wrong with the line; null when it is good.</param>
internal sealed record InputRow(long Number, JsonObject Fields, string? Text, string? Error)
{
    private static readonly string[] s_text = ["text"];

    /// <summary>The second text of a pair, where the model reads pairs.</summary>
    internal string? SecondText { get; init; }

    /// <summary>The values of a model's columns, where they were read from the fields.</summary>
    internal IReadOnlyList<object?> Values { get; init; } = [];

    internal static IEnumerable<InputRow> ReadAll(Stream stream)
    {
        long number = 0;
        foreach (var line in LineReader.Read(stream))
        {
            var content = number == 0 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;
            yield return Parse(content.Span, ++number, s_text);
        }
    }

    /// <summary>Reads one line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="textFields">The fields that may hold the text, the first one that is there does; none where the row need not have a text.</param>
    internal static InputRow Parse(ReadOnlySpan<byte> line, long number, IReadOnlyList<string> textFields)
    {
        if (!Utf8.IsValid(line))
        {
            Utf8.ToUtf16(line, new char[line.Length], out _, out var characters, replaceInvalidSequences: false);
            return Bad(line, number, characters + 1, "this is not UTF-8");
        }

        try
        {
            if (JsonNode.Parse(line, documentOptions: JsonText.NoDuplicates) is not JsonObject fields)
            {
                return Bad(line, number, 1, "this is not a JSON object");
            }

            if (line.IndexOf("\\u"u8) >= 0)
            {
                // Half of a surrogate pair, escaped, is found when it is written.
                _ = JsonText.Line(fields);
            }

            return textFields.Count == 0 ? new(number, fields, null, null) : FromObject(fields, number, textFields);
        }
        catch (JsonException error)
        {
            var column = Encoding.UTF8.GetCharCount(line[..(int)Math.Min(error.BytePositionInLine ?? 0, line.Length)]) + 1;
            return Bad(line, number, column, line.Trim(" \t"u8).IsEmpty ? "the line is empty" : error.Message.StartsWith("Duplicate", StringComparison.OrdinalIgnoreCase) ? "a field is there twice" : "this is not JSON");
        }
        catch (InvalidOperationException)
        {
            return Bad(line, number, 1, "a string has half of a surrogate pair and is not valid Unicode");
        }
    }

    private static InputRow FromObject(JsonObject fields, long number, IReadOnlyList<string> names)
    {
        // The number of a table's column is no name of a field.
        var name = names.FirstOrDefault(fields.ContainsKey) ?? names.FirstOrDefault(candidate => !TableHeader.IsNumber(candidate)) ?? names[0];
        return fields[name] switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => new(number, fields, text, null),
            null => new(number, fields, null, $"line {number}: the field \"{name}\" is missing"),
            var other => new(number, fields, null, $"line {number}: the field \"{name}\" is {other.GetValueKind()}, expected a string"),
        };
    }

    private static InputRow Bad(ReadOnlySpan<byte> line, long number, int column, string what) =>
        new(number, new JsonObject { ["input"] = Encoding.UTF8.GetString(line) }, null, $"line {number}, column {column}: {what}");
}
