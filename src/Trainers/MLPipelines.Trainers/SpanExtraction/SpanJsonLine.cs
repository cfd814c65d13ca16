using System.Globalization;
using System.Text.Json;
using MLPipelines.Trainers.Files;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>Reads one line of a file of spans and names the exact place of whatever is wrong with it.</summary>
sealed class SpanJsonLine(TextOffsets offsets)
{
    public const string Shape = """{"text": "…", "entities": [{"start": 0, "end": 2, "label": "…"}]}""";
    const string EntityShape = """{"start": 0, "end": 2, "label": "…"}""";

    readonly record struct Entity(int Start, int End, string Label, int Position);

    string? text;
    List<Entity>? entities;

    public SpanExtractionRow Parse(string file, long number, ReadOnlySpan<byte> bytes)
    {
        (text, entities) = (null, null);
        var line = new JsonLine(file, number, bytes, Shape);
        line.ReadObject(ReadField);
        if (text is null) throw line.Missing("text");
        if (entities is null) throw line.Missing("entities", "; a text without entities has an empty list");
        return ToRow(line);
    }

    bool ReadField(JsonLine line, ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("text"u8)) text = line.Text(ref reader, "text");
        else if (reader.ValueTextEquals("entities"u8)) entities = ParseEntities(line, ref reader);
        else return false;
        return true;
    }

    static List<Entity> ParseEntities(JsonLine line, ref Utf8JsonReader reader)
    {
        reader.Read();
        line.Expect(ref reader, JsonTokenType.StartArray, "the field 'entities' is not a list", "a list of {\"start\", \"end\", \"label\"}");
        var entities = new List<Entity>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            line.Expect(ref reader, JsonTokenType.StartObject, "an entity is not an object", EntityShape);
            var position = (int)reader.TokenStartIndex;
            int? start = null, end = null;
            string? label = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("start"u8)) start = ParseOffset(line, ref reader, "start");
                else if (reader.ValueTextEquals("end"u8)) end = ParseOffset(line, ref reader, "end");
                else if (reader.ValueTextEquals("label"u8)) label = ParseLabel(line, ref reader);
                else reader.Skip();
            }
            var missing = start is null ? "start" : end is null ? "end" : label is null ? "label" : null;
            if (missing is not null) throw line.Error($"an entity has no field '{missing}'", position, EntityShape, line.Excerpt(position));
            entities.Add(new Entity(start!.Value, end!.Value, label!, position));
        }
        return entities;
    }

    static int ParseOffset(JsonLine line, ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : throw line.At(ref reader, $"the field '{name}' is not a whole number", "a whole number from 0");
    }

    static string ParseLabel(JsonLine line, ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } label ? label : throw line.At(ref reader, "the field 'label' is not a label", "a string that is not empty");
    }

    SpanExtractionRow ToRow(JsonLine line)
    {
        var units = offsets == TextOffsets.CodePoints ? CodePointStarts(text!) : null;
        var length = units is null ? text!.Length : units.Length - 1;
        foreach (var entity in entities!)
        {
            var found = string.Create(CultureInfo.InvariantCulture, $"start {entity.Start}, end {entity.End}");
            if (entity.Start >= entity.End) throw line.Error("an entity's start is not before its end", entity.Position, "start < end (end is exclusive)", found);
            if (entity.Start < 0 || entity.End > length)
            {
                var counted = offsets == TextOffsets.CodePoints ? "code points" : "UTF-16 units";
                throw line.Error("an entity is outside the text", entity.Position, string.Create(CultureInfo.InvariantCulture, $"offsets from 0 to {length}, the length of the text in {counted}"), found);
            }
        }
        return new SpanExtractionRow
        {
            Text = text!,
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
}
