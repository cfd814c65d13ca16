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
    /// <param name="hidden">Properties that are no settings of their own; a step's options may still have them.</param>
    internal SettingTable(object defaults, params IReadOnlyCollection<string> hidden)
    {
        _defaults = defaults;
        var found = new List<Setting>();
        Collect(defaults.GetType(), defaults, [], found);
        Settings = [.. found.Where(setting => !hidden.Contains(setting.Path[^1].Name))];
    }

    internal IReadOnlyList<Setting> Settings { get; }

    /// <summary>The type of the record.</summary>
    internal Type Type => _defaults.GetType();

    /// <summary>The options with the given values in place of the defaults; what contradicts each other is an <see cref="ArgumentException"/>.</summary>
    internal object Create(IReadOnlyDictionary<Setting, JsonNode?> values) => Create(new JsonObject(), values);

    /// <summary>The options with the values of a JSON object in place of the defaults, and others over them.</summary>
    /// <param name="json">What <see cref="Read"/> gave.</param>
    /// <param name="values">Values that win.</param>
    internal object Create(JsonObject json, IReadOnlyDictionary<Setting, JsonNode?> values)
    {
        var root = OptionsJson.Write(_defaults);
        Overlay(root, json);
        foreach (var (setting, value) in values)
        {
            var parent = setting.Path.SkipLast(1).Aggregate(root, (node, step) => node[Key(step)]!.AsObject());
            parent[Key(setting.Path[^1])] = value?.DeepClone();
        }

        var type = _defaults.GetType();
        return OptionsJson.Read(type, JsonSerializer.SerializeToElement(root), IdOf(type));
    }

    /// <summary>Checks a JSON object with options: a name or value that does not fit is an error that says where it stands. Names come out as the options have them.</summary>
    /// <param name="json">The options as a user wrote them.</param>
    /// <param name="where">Gives the place of a value from the keys on the way to it, joined by <c>/</c>.</param>
    internal JsonObject Read(JsonObject json, Func<string, string> where) => ReadRecord(json, _defaults.GetType(), _defaults, [], "", where);

    /// <summary>The properties of a record that are part of its JSON.</summary>
    internal static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && property.GetCustomAttribute<JsonIgnoreAttribute>() is null);

    private static string Key(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static string IdOf(Type options) => options.DeclaringType?.GetCustomAttribute<PipelineComponentAttribute>()?.Id ?? options.DeclaringType?.Name ?? options.Name;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static void Overlay(JsonObject target, JsonObject source)
    {
        foreach (var (key, value) in source)
        {
            if (value is JsonObject inner && target[key] is JsonObject below)
            {
                Overlay(below, inner);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }

    private static JsonObject ReadRecord(JsonObject json, Type type, object? defaults, PropertyInfo[] path, string prefix, Func<string, string> where)
    {
        var properties = Properties(type).ToList();
        var read = new JsonObject();
        foreach (var (name, value) in json)
        {
            var place = prefix + name;
            var property = properties.Find(property => Aliases(property).Prepend(property.Name).Any(known => Names.Key(known) == Names.Key(name)))
                ?? throw new UsageException($"{where(place)}: unknown key \"{name}\"." + Names.Suggestion(name, properties.Select(Key)));
            if (read.ContainsKey(Key(property)))
            {
                throw new UsageException($"{where(place)}: the key \"{name}\" is there twice, under two spellings.");
            }

            var inner = defaults is null ? null : property.GetValue(defaults);
            read[Key(property)] = Setting.IsLeafType(property.PropertyType) ? Describe([.. path, property], inner).Parse(value, $"{where(place)}: \"{name}\"")
                : value is JsonObject nested && IsRecord(property.PropertyType) ? ReadRecord(nested, property.PropertyType, inner, [.. path, property], place + "/", where)
                : value?.DeepClone();
        }

        return read;
    }

    private static void Collect(Type type, object defaults, PropertyInfo[] path, List<Setting> found)
    {
        foreach (var property in Properties(type))
        {
            var value = property.GetValue(defaults);
            if (Setting.IsLeafType(property.PropertyType))
            {
                found.Add(Describe([.. path, property], value));
            }
            else if (value is not null && property.PropertyType.Name == "Options")
            {
                Collect(property.PropertyType, value, [.. path, property], found);
            }
        }
    }

    private static Setting Describe(PropertyInfo[] path, object? value) => new(path, value, Aliases(path[^1]));

    private static IReadOnlyList<string> Aliases(PropertyInfo property) => property.GetCustomAttribute<OptionAliasAttribute>()?.Names ?? [];
}
