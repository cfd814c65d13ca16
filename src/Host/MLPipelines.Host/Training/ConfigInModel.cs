using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLPipelines.Host.Training;

/// <summary>The resolved configuration inside a model file: an entry of its own in the zip, which ML.NET does not look at.</summary>
internal static class ConfigInModel
{
    private const string EntryName = "MLPipelines/config.json";
    private const int MaximumLength = 16 << 20;

    internal static void Write(Stream model, JsonObject config)
    {
        using var zip = new ZipArchive(model, ZipArchiveMode.Update, leaveOpen: true);
        var entry = zip.CreateEntry(EntryName);
        entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var content = entry.Open();
        content.Write(JsonSerializer.SerializeToUtf8Bytes(config));
    }

    /// <summary>The configuration; null when the model has none, because it was not made by <c>mlp train</c>.</summary>
    internal static JsonObject? Read(string path)
    {
        using var stream = InputFile.Open(path, "the model");
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            if (zip.GetEntry(EntryName) is not { Length: <= MaximumLength } entry)
            {
                return null;
            }

            var content = new byte[entry.Length];
            using var packed = entry.Open();
            packed.ReadExactly(content);
            return JsonText.Read(content, $"{path}: the configuration in the model") as JsonObject;
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new UsageException($"{path}: the configuration in the model cannot be read: {error.Message}");
        }
    }

    /// <summary>A text in a configuration; null where there is none.</summary>
    internal static string? TextOf(JsonNode? section, string key) => section is JsonObject values && values[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
