using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Settings;

/// <summary>A configuration file: one JSON object, comments and trailing commas allowed. Remembers where each value stands.</summary>
internal sealed class ConfigFile
{
    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);
    private readonly byte[] _text;

    private ConfigFile(string path, byte[] text)
    {
        FilePath = path;
        _text = text;
        if (text.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new UsageException($"{path}, line 1, column 1: the file is empty. Expected one JSON object such as {{\"task\": \"ner\"}}.");
        }

        if (ValidLength(text) is var valid && valid < text.Length)
        {
            throw new UsageException($"{WhereIs(valid)}: this is not UTF-8. Save the file as UTF-8.");
        }

        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new UsageException($"{path}, line 1, column 1: expected one JSON object, found something else. Example: {{\"task\": \"ner\"}}.");
            }

            Root = ReadObject(ref reader, "");
            if (reader.Read())
            {
                throw new UsageException($"{WhereIs(reader.TokenStartIndex)}: expected nothing after the JSON object.");
            }
        }
        catch (InvalidOperationException)
        {
            throw new UsageException($"{path}: an escaped string contains half of a surrogate pair. Expected whole characters.");
        }
        catch (JsonException error)
        {
            throw new UsageException($"{path}, line {error.LineNumber + 1}, column {error.BytePositionInLine + 1}: this is not JSON. Expected one object such as {{\"task\": \"ner\"}}.");
        }
    }

    internal string FilePath { get; }

    internal JsonObject Root { get; }

    internal static ConfigFile Read(string path)
    {
        var bytes = InputFile.ReadAllBytes(path, "the configuration file");
        return new ConfigFile(path, bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
    }

    /// <summary>File, line and column of a value.</summary>
    /// <param name="path">The keys on the way to it, joined by <c>/</c>: <c>steps/0/options/epochs</c>.</param>
    internal string Where(string path) => WhereIs(_offsets.GetValueOrDefault("/" + path));

    private string WhereIs(long offset)
    {
        var before = _text.AsSpan(0, (int)offset);
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return $"{FilePath}, line {before.Count((byte)'\n') + 1}, column {Encoding.UTF8.GetCharCount(before[lineStart..]) + 1}";
    }

    /// <summary>The number of bytes before the first that is not UTF-8.</summary>
    private static int ValidLength(ReadOnlySpan<byte> text)
    {
        var valid = 0;
        while (valid < text.Length && Rune.DecodeFromUtf8(text[valid..], out _, out var length) == OperationStatus.Done)
        {
            valid += length;
        }

        return valid;
    }

    private JsonObject ReadObject(ref Utf8JsonReader reader, string path)
    {
        var found = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var child = $"{path}/{name}";
            if (!_offsets.TryAdd(child, reader.TokenStartIndex))
            {
                throw new UsageException($"{WhereIs(reader.TokenStartIndex)}: the key \"{name}\" is there twice. Its first place is {WhereIs(_offsets[child])}.");
            }

            reader.Read();
            found[name] = ReadValue(ref reader, child);
        }

        return found;
    }

    private JsonNode? ReadValue(ref Utf8JsonReader reader, string path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, path);
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var child = $"{path}/{items.Count}";
                    _offsets[child] = reader.TokenStartIndex;
                    items.Add(ReadValue(ref reader, child));
                }

                return items;
            case JsonTokenType.String:
                return JsonValue.Create(reader.GetString());
            default:
                return JsonNode.Parse(ref reader);
        }
    }
}
