using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace MLPipelines.Components;

/// <summary>Describes options as JSON Schema, for editors and other tools that help to write configurations.</summary>
public static class OptionsSchema
{
    static readonly JsonObject s_reference = new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string" },
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["component"] = new JsonObject { ["type"] = "string" }, ["options"] = new JsonObject { ["type"] = "object" } },
                ["required"] = new JsonArray("component"),
                ["additionalProperties"] = false,
            }),
    };

    /// <summary>The schema of an options record: names, types, ranges and defaults, as <see cref="OptionsJson"/> reads them; nothing else is allowed.</summary>
    /// <param name="options">The type of the record. It needs a constructor without parameters.</param>
    /// <param name="describe">Gives what is to be said about a property, or null.</param>
    public static JsonObject Of(Type options, Func<PropertyInfo, string?>? describe = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var defaults = OptionsJson.Write(Activator.CreateInstance(options)!);
        var exporter = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, options, defaults, describe),
        };
        return OptionsJson.Serializer.GetJsonSchemaAsNode(options, exporter).AsObject();
    }

    static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, Type options, JsonObject defaults, Func<PropertyInfo, string?>? describe)
    {
        if (context.TypeInfo.Type == typeof(ComponentReference))
        {
            node = s_reference.DeepClone();
            if (context.PropertyInfo?.IsGetNullable == true) node["anyOf"]!.AsArray().Add(new JsonObject { ["type"] = "null" });
        }

        if (context.PropertyInfo?.AttributeProvider is not PropertyInfo property || node is not JsonObject schema) return node;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Number(range.Minimum);
            schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Number(range.Maximum);
        }
        foreach (var rule in property.GetCustomAttributes<OptionRuleAttribute>()) rule.AddTo(schema);
        if (describe?.Invoke(property) is { Length: > 0 } description) schema["description"] = description;

        // Only the options themselves: what a nested record's defaults are depends on where it stands.
        if (property.DeclaringType!.IsAssignableFrom(options) && context.Path.Length == 2 && defaults[context.PropertyInfo.Name] is { } value) schema["default"] = value.DeepClone();
        return schema;
    }

    static JsonValue Number(object limit) => limit is int whole ? JsonValue.Create(whole) : JsonValue.Create(Convert.ToDouble(limit, CultureInfo.InvariantCulture));
}
