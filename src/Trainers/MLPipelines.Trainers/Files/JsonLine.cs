using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Files;

/// <summary>One line of a JSON-lines file, and messages that name the exact place of whatever is wrong with it.</summary>
/// <param name="file">The file.</param>
/// <param name="number">The line, from 1.</param>
/// <param name="line">Its bytes.</param>
/// <param name="shape">What a line should look like, for messages.</param>
readonly ref struct JsonLine(string file, long number, ReadOnlySpan<byte> line, string shape)
{
    readonly ReadOnlySpan<byte> line = line;

    /// <summary>What a line should look like.</summary>
    public string Shape => shape;

    /// <summary>Reads the fields of the object that the line has to be.</summary>
    /// <param name="read">Called for each field with its name; moves the reader over the value and returns true, or returns false for a field to ignore.</param>
    public void ReadObject(FieldReader read)
    {
        if (!Utf8.IsValid(line)) throw InvalidUtf8();
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            Expect(ref reader, JsonTokenType.StartObject, "the line is not an object", shape);
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!names.Add(name)) throw At(ref reader, $"the field '{name}' is there twice", "each field once");
                if (!read(this, ref reader)) reader.Skip();
            }
            reader.Read(); // throws on anything after the object
        }
        catch (JsonException exception)
        {
            // The reader's own position is that of the byte it stumbled over.
            throw Error("the line is not JSON", (int)(exception.BytePositionInLine ?? 0), shape, Excerpt((int)(exception.BytePositionInLine ?? 0)), exception);
        }
        catch (InvalidOperationException exception)
        {
            throw Error("a string contains half of a surrogate pair", null, "valid Unicode", "an unpaired \\uD800 to \\uDFFF", exception);
        }
    }

    /// <summary>Handles one field: the reader stands on its name.</summary>
    public delegate bool FieldReader(JsonLine line, ref Utf8JsonReader reader);

    /// <summary>Reads a text.</summary>
    public string Text(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.String, $"the field '{name}' is not a string", "a string");
        return reader.GetString()!;
    }

    /// <summary>Fails unless the reader stands on a token of a type.</summary>
    public void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what, string expected)
    {
        if (reader.TokenType != type) throw At(ref reader, what, expected);
    }

    /// <summary>Something is wrong where the reader stands.</summary>
    public DataFormatException At(ref Utf8JsonReader reader, string what, string expected) => Error(what, (int)reader.TokenStartIndex, expected, Excerpt((int)reader.TokenStartIndex));

    /// <summary>A field that has to be there is not.</summary>
    public DataFormatException Missing(string name, string hint = "") => Error($"the field '{name}' is missing", null, shape, "an object without it" + hint);

    DataFormatException InvalidUtf8()
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(line[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done) position += consumed;
        return Error("the file is not UTF-8", position, "UTF-8", $"the byte 0x{line[position]:X2}");
    }

    /// <summary>What stands at a place, short enough for a message.</summary>
    public string Excerpt(int position)
    {
        const int Length = 24;
        var rest = Encoding.UTF8.GetString(line[Math.Min(position, line.Length)..]);
        return rest.Length == 0 ? "the end of the line" : rest.Length <= Length ? rest : rest[..Length] + "…";
    }

    /// <summary>Something is wrong at a place.</summary>
    public DataFormatException Error(string what, int? position, string expected, string found, Exception? inner = null) => new(
        what, file, number, position is { } p ? Encoding.UTF8.GetCharCount(line[..Math.Min(p, line.Length)]) + 1 : null, expected, found, inner);
}
