using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Host.Settings;

namespace MLPipelines.Host.Training;

/// <summary>A component as a configuration file names it.</summary>
/// <param name="Component">An id or a shorter name.</param>
/// <param name="Options">The options as written.</param>
/// <param name="Where">Gives the place of an option in the file; an empty name gives the place of the step.</param>
internal sealed record ConfigStep(string Component, JsonObject Options, Func<string, string> Where)
{
    private static readonly string[] s_keys = ["component", "options"];

    /// <summary>A component in a configuration file.</summary>
    internal static ConfigStep Read(ConfigFile file, string path, JsonNode? node) => Read(node, key => file.Where(key.Length == 0 ? path : $"{path}/{key}"));

    /// <summary>A component as a flag has it: a name, or a JSON object.</summary>
    internal static ConfigStep Parse(string text, string flag)
    {
        try
        {
            return Read(text.TrimStart().StartsWith('{') ? JsonNode.Parse(text) : JsonValue.Create(text), _ => flag);
        }
        catch (JsonException)
        {
            throw new UsageException($"{flag}: found '{text}', which is not JSON. Expected a component's name or {{\"component\": \"…\", \"options\": {{}}}}.");
        }
    }

    /// <summary>A component as JSON.</summary>
    /// <param name="node">The component.</param>
    /// <param name="where">Gives the place of a key from its path; an empty path gives the place of the component.</param>
    internal static ConfigStep Read(JsonNode? node, Func<string, string> where)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var name) && name.Length > 0)
        {
            return new ConfigStep(name, [], _ => where(""));
        }

        if (node is not JsonObject step)
        {
            throw new UsageException($"{where("")}: found {node?.ToJsonString() ?? "null"}, expected a component's name or {{\"component\": \"…\", \"options\": {{}}}}.");
        }

        foreach (var (key, _) in step.Where(pair => !s_keys.Contains(pair.Key)))
        {
            throw new UsageException($"{where(key)}: unknown key \"{key}\" in a step." + Names.Suggestion(key, s_keys));
        }

        if (step["component"] is not JsonValue component || !component.TryGetValue<string>(out var id) || id.Length == 0)
        {
            throw new UsageException($"{where("")}: the step has no \"component\". Expected {{\"component\": \"…\", \"options\": {{}}}}.");
        }

        return step["options"] switch
        {
            null => new ConfigStep(id, [], Place),
            JsonObject options => new ConfigStep(id, options, Place),
            var other => throw new UsageException($"{where("options")}: \"options\": found {other.ToJsonString()}, expected an object."),
        };

        string Place(string option) => where(option.Length == 0 ? "" : $"options/{option}");
    }
}
