using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MLPipelines.Host;

/// <summary>JSON as the tool writes it: readable in every script, one line or indented.</summary>
internal static class JsonText
{
    private static readonly JsonTypeInfo<float[]> s_numbers = (JsonTypeInfo<float[]>)JsonSerializerOptions.Default.GetTypeInfo(typeof(float[]));
    private static readonly JsonSerializerOptions s_line = Create(indented: false);
    private static readonly JsonSerializerOptions s_indented = Create(indented: true);

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
