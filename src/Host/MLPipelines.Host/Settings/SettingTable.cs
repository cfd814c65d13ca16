using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MLPipelines.Components;

namespace MLPipelines.Host.Settings;

/// <summary>Every setting of an options record and of the records nested in it, found by reflection.</summary>
internal sealed class SettingTable
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };
    private readonly Type _options;

    internal SettingTable(Type options)
    {
        _options = options;
        var found = new List<Setting>();
        Collect(options, Activator.CreateInstance(options)!, [], found, new Dictionary<Assembly, XmlSummaries>());
        Settings = found;
    }

    internal IReadOnlyList<Setting> Settings { get; }

    /// <summary>The options with the given values in place of the defaults.</summary>
    internal object Create(IReadOnlyDictionary<Setting, JsonNode> values)
    {
        var root = new JsonObject();
        foreach (var (setting, value) in values)
        {
            var parent = root;
            foreach (var step in setting.Path.SkipLast(1))
            {
                parent = (JsonObject)(parent[step.Name] ??= new JsonObject());
            }

            parent[setting.Path[^1].Name] = value.DeepClone();
        }

        return root.Deserialize(_options, s_json)!;
    }

    /// <summary>The value of every setting, under the names that a configuration file takes.</summary>
    internal JsonObject Describe(object options)
    {
        var described = new JsonObject();
        foreach (var setting in Settings)
        {
            var value = setting.Path.Aggregate((object?)options, (owner, property) => owner is null ? null : property.GetValue(owner));
            described[setting.Name] = JsonSerializer.SerializeToNode(value, s_json);
        }

        return described;
    }

    private static void Collect(Type type, object defaults, PropertyInfo[] path, List<Setting> found, Dictionary<Assembly, XmlSummaries> summaries)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not { IsPublic: true } || property.GetCustomAttribute<JsonIgnoreAttribute>() is not null)
            {
                continue;
            }

            var value = property.GetValue(defaults);
            if (Setting.IsLeafType(property.PropertyType))
            {
                var owner = property.DeclaringType!.Assembly;
                summaries.TryAdd(owner, new XmlSummaries(owner));
                found.Add(new Setting([.. path, property], value, Aliases(property), summaries[owner].Of(property)));
            }
            else if (value is not null && property.PropertyType.Name == "Options")
            {
                Collect(property.PropertyType, value, [.. path, property], found, summaries);
            }
        }
    }

    private static IReadOnlyList<string> Aliases(PropertyInfo property) => property.GetCustomAttribute<OptionAliasAttribute>()?.Names ?? [];
}
