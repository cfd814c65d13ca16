using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLPipelines.Components;

/// <summary>Reads and writes a <see cref="ComponentReference"/> as a text or an object.</summary>
sealed class ComponentReferenceConverter : JsonConverter<ComponentReference>
{
    public const string Expected = "expected a component's name, or an object such as {\"component\": \"tiger\", \"options\": {}}";

    public override ComponentReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var node = JsonNode.Parse(ref reader);
        try
        {
            return From(node);
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception); // a key that is there twice
        }
    }

    static ComponentReference From(JsonNode? node)
    {
        switch (node)
        {
            case JsonValue value when value.TryGetValue<string>(out var name) && !string.IsNullOrWhiteSpace(name):
                return new(name);
            case JsonObject json:
                var (component, own) = (Take(json, "component"), Take(json, "options"));
                if (json.Count > 0) throw new JsonException($"'{json.First().Key}' is not part of a component reference; {Expected}");
                if (component is not JsonValue text || !text.TryGetValue<string>(out var id) || string.IsNullOrWhiteSpace(id)) throw new JsonException(Expected);
                return own is null or JsonObject ? new(id, (JsonObject?)own) : throw new JsonException($"'options' is not an object; {Expected}");
            default:
                throw new JsonException(Expected);
        }
    }

    public override void Write(Utf8JsonWriter writer, ComponentReference value, JsonSerializerOptions options)
    {
        if (value.Options is null)
        {
            writer.WriteStringValue(value.Component);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("component", value.Component);
        writer.WritePropertyName("options");
        value.Options.WriteTo(writer, options);
        writer.WriteEndObject();
    }

    static JsonNode? Take(JsonObject json, string key)
    {
        var found = json.FirstOrDefault(pair => pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Key;
        if (found is null) return null;
        var value = json[found];
        json.Remove(found);
        return value;
    }
}
