using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MLPipelines.Components;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>Reads one line of a file of spans and names the exact place of whatever is wrong with it.</summary>
ref struct SpanJsonLine(string file, long number, TextOffsets offsets)
{
    public const string Shape = """{"text": "…", "entities": [{"start": 0, "end": 2, "label": "…"}]}""";

    readonly record struct Entity(int Start, int End, string Label, int Position);

    ReadOnlySpan<byte> line;

    public SpanExtractionRow Parse(ReadOnlySpan<byte> bytes)
    {
        line = bytes;
        if (!Utf8.IsValid(line)) throw InvalidUtf8();
        try
        {
            return ParseRow();
        }
        catch (JsonException exception)
        {
            // The reader's own position is that of the byte it stumbled over.
            throw Error("the line is not JSON", (int)(exception.BytePositionInLine ?? 0), Shape, Excerpt((int)(exception.BytePositionInLine ?? 0)), exception);
        }
        catch (InvalidOperationException exception)
        {
            throw Error("a string contains half of a surrogate pair", null, "valid Unicode", "an unpaired \\uD800 to \\uDFFF", exception);
        }
    }

    SpanExtractionRow ParseRow()
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "the line is not an object", Shape);
        string? text = null;
        List<Entity>? entities = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                Expect(ref reader, JsonTokenType.String, "the field 'text' is not a string", "a string");
                text = reader.GetString();
            }
            else if (reader.ValueTextEquals("entities"u8))
            {
                reader.Read();
                Expect(ref reader, JsonTokenType.StartArray, "the field 'entities' is not a list", "a list of {\"start\", \"end\", \"label\"}");
                entities = ParseEntities(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        reader.Read(); // throws on anything after the object
        if (text is null) throw Error("the field 'text' is missing", null, Shape, "an object without it");
        if (entities is null) throw Error("the field 'entities' is missing", null, Shape, "an object without it; a text without entities has an empty list");
        return ToRow(text, entities);
    }

    readonly List<Entity> ParseEntities(ref Utf8JsonReader reader)
    {
        var entities = new List<Entity>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.StartObject, "an entity is not an object", "{\"start\": 0, \"end\": 2, \"label\": \"…\"}");
            var position = (int)reader.TokenStartIndex;
            int? start = null, end = null;
            string? label = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("start"u8)) start = ParseOffset(ref reader, "start");
                else if (reader.ValueTextEquals("end"u8)) end = ParseOffset(ref reader, "end");
                else if (reader.ValueTextEquals("label"u8)) label = ParseLabel(ref reader);
                else reader.Skip();
            }
            var missing = start is null ? "start" : end is null ? "end" : label is null ? "label" : null;
            if (missing is not null) throw Error($"an entity has no field '{missing}'", position, "{\"start\": 0, \"end\": 2, \"label\": \"…\"}", Excerpt(position));
            entities.Add(new Entity(start!.Value, end!.Value, label!, position));
        }
        return entities;
    }

    readonly int ParseOffset(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)) return value;
        throw Error($"the field '{name}' is not a whole number", (int)reader.TokenStartIndex, "a whole number from 0", Excerpt((int)reader.TokenStartIndex));
    }

    readonly string ParseLabel(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } label) return label;
        throw Error("the field 'label' is not a label", (int)reader.TokenStartIndex, "a string that is not empty", Excerpt((int)reader.TokenStartIndex));
    }

    readonly SpanExtractionRow ToRow(string text, List<Entity> entities)
    {
        var units = offsets == TextOffsets.CodePoints ? CodePointStarts(text) : null;
        var length = units is null ? text.Length : units.Length - 1;
        foreach (var entity in entities)
        {
            var found = string.Create(CultureInfo.InvariantCulture, $"start {entity.Start}, end {entity.End}");
            if (entity.Start >= entity.End) throw Error("an entity's start is not before its end", entity.Position, "start < end (end is exclusive)", found);
            if (entity.Start < 0 || entity.End > length)
            {
                var counted = offsets == TextOffsets.CodePoints ? "code points" : "UTF-16 units";
                throw Error("an entity is outside the text", entity.Position, string.Create(CultureInfo.InvariantCulture, $"offsets from 0 to {length}, the length of the text in {counted}"), found);
            }
        }
        return new SpanExtractionRow
        {
            Text = text,
            Start = [.. entities.Select(e => units?[e.Start] ?? e.Start)],
            End = [.. entities.Select(e => units?[e.End] ?? e.End)],
            Label = [.. entities.Select(e => e.Label)],
        };
    }

    /// <summary>The UTF-16 index of each code point, and the length of the text; null when both counts agree anyway.</summary>
    static int[]? CodePointStarts(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return null;
        var starts = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1) starts.Add(i);
        starts.Add(text.Length);
        return [.. starts];
    }

    readonly void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what, string expected)
    {
        if (reader.TokenType != type) throw Error(what, (int)reader.TokenStartIndex, expected, Excerpt((int)reader.TokenStartIndex));
    }

    readonly DataFormatException InvalidUtf8()
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(line[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done) position += consumed;
        return Error("the file is not UTF-8", position, "UTF-8", $"the byte 0x{line[position]:X2}");
    }

    /// <summary>What stands at a place, short enough for a message.</summary>
    readonly string Excerpt(int position)
    {
        const int Length = 24;
        var rest = Encoding.UTF8.GetString(line[Math.Min(position, line.Length)..]);
        return rest.Length == 0 ? "the end of the line" : rest.Length <= Length ? rest : rest[..Length] + "…";
    }

    readonly DataFormatException Error(string what, int? position, string expected, string found, Exception? inner = null) => new(
        what, file, number, position is { } p ? Encoding.UTF8.GetCharCount(line[..Math.Min(p, line.Length)]) + 1 : null, expected, found, inner);
}
