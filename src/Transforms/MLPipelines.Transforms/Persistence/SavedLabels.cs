using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLPipelines.Persistence;

/// <summary>The labels or classes of a saved model, in the order of its scores.</summary>
static class SavedLabels
{
    /// <summary>The form in which a package has them.</summary>
    public static JsonArray Write(IReadOnlyList<string> labels) => [.. labels.Select(label => JsonValue.Create(label))];

    /// <summary>Reads what <see cref="Write"/> gave, possibly from an untrusted file.</summary>
    /// <exception cref="InvalidDataException">It is no list, is empty, or a label is missing.</exception>
    /// <exception cref="JsonException">A label is no text.</exception>
    public static string[] Read(JsonNode? json)
        => (json as JsonArray)?.Deserialize<string[]>() is { Length: > 0 } read && !read.Contains(null) ? read : throw Failures.PartMalformed(typeof(string[]));
}
