using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Checkpoints;

/// <summary>A configuration file of a checkpoint, as Hugging Face writes it: a JSON object, read key by key with errors that name file and key.</summary>
/// <remarks>Keys that nobody asks for are ignored, because published files are full of settings for other programs. A null counts as absent.</remarks>
public sealed class CheckpointConfig
{
    const int MaximumLength = 1 << 20;

    readonly JsonObject _json;

    /// <summary>Wraps an object.</summary>
    /// <param name="json">The object; copied.</param>
    /// <param name="path">The file's name, for messages.</param>
    public CheckpointConfig(JsonObject json, string path)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (_json, Path) = (json.DeepClone().AsObject(), path);
    }

    /// <summary>The file's name.</summary>
    public string Path { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, of at most 1 MiB.</param>
    /// <exception cref="DataFormatException">It is missing, too long, or no JSON object.</exception>
    public static CheckpointConfig Read(string path)
    {
        if (!File.Exists(path)) throw new DataFormatException("the file is missing", path, expected: "the configuration of a checkpoint");
        var length = new FileInfo(path).Length;
        if (length > MaximumLength) throw new DataFormatException("the configuration is too long", path, expected: Invariant($"at most {MaximumLength} bytes"), found: Invariant($"{length}"));
        try
        {
            var json = Parse(File.ReadAllBytes(path));
            return json is JsonObject keys ? new(keys, path) : throw new DataFormatException("the configuration is no object", path, expected: "a JSON object", found: json?.GetValueKind().ToString() ?? "null");
        }
        catch (InvalidOperationException exception)
        {
            throw new DataFormatException("the configuration holds text that is not valid UTF-8", path, inner: exception);
        }
        catch (JsonException exception)
        {
            throw new DataFormatException("the configuration is not valid JSON", path, exception.LineNumber + 1, exception.BytePositionInLine + 1, found: exception.Message.Split('.')[0], inner: exception);
        }
    }

    /// <summary>The same configuration with another value for a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null removes the key.</param>
    public CheckpointConfig With(string key, JsonNode? value)
    {
        var changed = new CheckpointConfig(_json, Path);
        if (value is null) changed._json.Remove(key);
        else changed._json[key] = value.DeepClone();
        return changed;
    }

    /// <summary>The whole object, a copy.</summary>
    public JsonObject ToJson() => _json.DeepClone().AsObject();

    /// <summary>A text; null when absent.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="DataFormatException">The value is of another type.</exception>
    public string? Text(string key) => Value<string>(key, "a text");

    /// <summary>A whole number; null when absent.</summary>
    /// <inheritdoc cref="Text"/>
    public int? Integer(string key) => Value<int>(key, "a whole number") is var value && Has(key) ? value : null;

    /// <summary>A number; null when absent.</summary>
    /// <inheritdoc cref="Text"/>
    public double? Number(string key) => Value<double>(key, "a number") is var value && Has(key) ? value : null;

    /// <summary>True or false; null when absent.</summary>
    /// <inheritdoc cref="Text"/>
    public bool? Flag(string key) => Value<bool>(key, "true or false") is var value && Has(key) ? value : null;

    /// <summary>A whole number that has to be there.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="DataFormatException">It is absent, or no whole number.</exception>
    public int RequiredInteger(string key) => Integer(key) ?? throw new DataFormatException($"the key '{key}' is missing", Path, expected: "a whole number");

    /// <summary>The error for a setting that is well-formed but not one that can be honoured.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">What could be.</param>
    public DataFormatException Unsupported(string key, string expected)
        => new($"the setting '{key}' is not supported", Path, expected: expected, found: _json[key]?.ToJsonString() ?? "nothing");

    // Names and texts are decoded when they are asked for; asking for all of them here finds those that cannot be.
    static JsonNode? Parse(byte[] content)
    {
        var text = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
        using var document = JsonDocument.Parse(text, new() { MaxDepth = 32, AllowDuplicateProperties = false });
        Decode(document.RootElement);
        return JsonNode.Parse(text, documentOptions: new() { MaxDepth = 32, AllowDuplicateProperties = false });
    }

    static void Decode(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) element.GetString();
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Decode(item);
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var property in element.EnumerateObject())
        {
            _ = property.Name;
            Decode(property.Value);
        }
    }

    bool Has(string key) => _json[key] is not null;

    T? Value<T>(string key, string expected)
    {
        if (_json[key] is not { } node) return default;
        return node is JsonValue value && value.TryGetValue<T>(out var typed)
            ? typed
            : throw new DataFormatException($"the value of '{key}' is of another type", Path, expected: expected, found: node.ToJsonString() is { Length: > 60 } text ? text[..60] + "…" : node.ToJsonString());
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
