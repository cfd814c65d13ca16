using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Settings;

/// <summary>A configuration file: one JSON object, comments and trailing commas allowed. Remembers where each key stands.</summary>
internal sealed class ConfigFile
{
    private ConfigFile(string path, IReadOnlyList<Entry> entries)
    {
        FilePath = path;
        Entries = entries;
    }

    internal string FilePath { get; }

    /// <summary>The leaves of the file in order. Objects are only grouping: <c>{"encoder": {"layers": 4}}</c> is the key <c>layers</c>.</summary>
    internal IReadOnlyList<Entry> Entries { get; }

    internal static ConfigFile Read(string path)
    {
        var bytes = InputFile.ReadAllBytes(path, "the configuration file");
        var text = bytes.AsSpan(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0).ToArray();
        try
        {
            return new ConfigFile(path, ReadEntries(path, text));
        }
        catch (JsonException error)
        {
            throw new UsageException($"{path}, line {error.LineNumber + 1}, column {error.BytePositionInLine + 1}: this is not JSON. Expected one object such as {{\"epochs\": 10}}.");
        }
    }

    private static List<Entry> ReadEntries(string path, byte[] text)
    {
        if (text.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new UsageException($"{path}, line 1, column 1: the file is empty. Expected one JSON object such as {{\"epochs\": 10}}.");
        }

        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new UsageException($"{path}, line 1, column 1: expected one JSON object, found something else. Example: {{\"epochs\": 10}}.");
        }

        var entries = new List<Entry>();
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var where = Where(path, text, reader.TokenStartIndex);
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                entries.Add(new Entry(name, JsonNode.Parse(ref reader), where));
            }
        }

        return entries;
    }

    private static string Where(string path, byte[] text, long offset)
    {
        var before = text.AsSpan(0, (int)offset);
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return $"{path}, line {before.Count((byte)'\n') + 1}, column {Encoding.UTF8.GetCharCount(before[lineStart..]) + 1}";
    }

    /// <summary>One key with its value.</summary>
    internal sealed record Entry(string Name, JsonNode? Value, string Where);
}
