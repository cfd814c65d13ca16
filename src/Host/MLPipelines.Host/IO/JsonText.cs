using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace MLPipelines.Host;

/// <summary>JSON as the tool writes it: readable in every script, one line or indented.</summary>
internal static class JsonText
{
    private static readonly JsonTypeInfo<float[]> s_numbers = (JsonTypeInfo<float[]>)JsonSerializerOptions.Default.GetTypeInfo(typeof(float[]));

    /// <summary>A field that is there twice is an error.</summary>
    internal static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions s_line = Create(indented: false);
    private static readonly JsonSerializerOptions s_indented = Create(indented: true);

    /// <summary>Reads JSON from a file that may be damaged: valid UTF-8, whole characters, no field twice.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <exception cref="UsageException">They are no such JSON.</exception>
    internal static JsonNode? Read(ReadOnlySpan<byte> content, string what)
    {
        try
        {
            var node = Utf8.IsValid(content) ? JsonNode.Parse(content, documentOptions: NoDuplicates) : throw new JsonException("It is not UTF-8");
            // Half of a surrogate pair, escaped, is found when it is written.
            _ = node is null ? "" : Line(node);
            return node;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UsageException($"{what} cannot be read: {error.Message.TrimEnd('.')}.");
        }
    }

    internal static string Line(JsonNode node) => node.ToJsonString(s_line);

    internal static string Indented(JsonNode node) => node.ToJsonString(s_indented);

    /// <summary>Many numbers as a list, without a node for each.</summary>
    internal static JsonNode Numbers(float[] numbers) => JsonValue.Create(numbers, s_numbers)!;

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        // Chinese stays Chinese; the output is a file or a pipe, never a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };
}
