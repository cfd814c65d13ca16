using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MLPipelines.Components;

namespace MLPipelines.Host.Settings;

/// <summary>Every setting of an options record and of the records nested in it, found by reflection.</summary>
internal sealed class SettingTable
{
    private readonly object _defaults;

    /// <param name="defaults">An options record whose values are the defaults.</param>
    internal SettingTable(object defaults)
    {
        _defaults = defaults;
        var found = new List<Setting>();
        Collect(defaults.GetType(), defaults, [], found, new Dictionary<Assembly, XmlSummaries>());
        Settings = found;
    }

    internal IReadOnlyList<Setting> Settings { get; }

    /// <summary>The options with the given values in place of the defaults; what contradicts each other is an <see cref="ArgumentException"/>.</summary>
    internal object Create(IReadOnlyDictionary<Setting, JsonNode> values)
    {
        var root = OptionsJson.Write(_defaults);
        foreach (var (setting, value) in values)
        {
            var parent = setting.Path.SkipLast(1).Aggregate(root, (node, step) => node[Key(step)]!.AsObject());
            parent[Key(setting.Path[^1])] = value.DeepClone();
        }

        var type = _defaults.GetType();
        return OptionsJson.Read(type, JsonSerializer.SerializeToElement(root), type.DeclaringType?.Name ?? type.Name);

        static string Key(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
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
