using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Training;

/// <summary>Settings of a trainer that it hands to a component.</summary>
static class ComponentDefaults
{
    /// <summary>The options that a reference gives, and one more where the component has such an option and the reference does not say otherwise.</summary>
    /// <param name="reference">The component and its options.</param>
    /// <param name="component">What it refers to.</param>
    /// <param name="property">The name of the option, as a property.</param>
    /// <param name="value">Its value.</param>
    public static JsonObject OptionsWith(this ComponentReference reference, ComponentInfo component, string property, JsonNode value)
    {
        var json = reference.Options?.DeepClone().AsObject() ?? [];
        if (component.OptionsType?.GetProperty(property) is null || json.Any(pair => pair.Key.Equals(property, StringComparison.OrdinalIgnoreCase))) return json;
        json[JsonNamingPolicy.CamelCase.ConvertName(property)] = value;
        return json;
    }
}
