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

    internal static ConfigStep Read(ConfigFile file, string path, JsonNode? node)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var name) && name.Length > 0)
        {
            return new ConfigStep(name, [], _ => file.Where(path));
        }

        if (node is not JsonObject step)
        {
            throw new UsageException($"{file.Where(path)}: found {node?.ToJsonString() ?? "null"}, expected a component's name or {{\"component\": \"…\", \"options\": {{}}}}.");
        }

        foreach (var (key, _) in step.Where(pair => !s_keys.Contains(pair.Key)))
        {
            throw new UsageException($"{file.Where($"{path}/{key}")}: unknown key \"{key}\" in a step." + Names.Suggestion(key, s_keys));
        }

        if (step["component"] is not JsonValue component || !component.TryGetValue<string>(out var id) || id.Length == 0)
        {
            throw new UsageException($"{file.Where(path)}: the step has no \"component\". Expected {{\"component\": \"…\", \"options\": {{}}}}.");
        }

        return step["options"] switch
        {
            null => new ConfigStep(id, [], Place),
            JsonObject options => new ConfigStep(id, options, Place),
            var other => throw new UsageException($"{file.Where($"{path}/options")}: \"options\": found {other.ToJsonString()}, expected an object."),
        };

        string Place(string option) => file.Where(option.Length == 0 ? path : $"{path}/options/{option}");
    }
}
