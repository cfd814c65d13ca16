using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Host.Settings;

/// <summary>One leaf property of an options record: a flag on the command line and a key of the configuration file.</summary>
internal sealed class Setting
{
    private readonly Type _type;

    internal Setting(IReadOnlyList<PropertyInfo> path, object? defaultValue, IReadOnlyList<string> aliases)
    {
        Path = path;
        Name = Names.Kebab(path[^1].Name);
        Aliases = aliases;
        Default = defaultValue;
        _type = Nullable.GetUnderlyingType(path[^1].PropertyType) ?? path[^1].PropertyType;
    }

    /// <summary>The name without dashes in front, in kebab case: <c>batch-size</c>.</summary>
    internal string Name { get; }

    /// <summary>Shorter names that mean the same.</summary>
    internal IReadOnlyList<string> Aliases { get; }

    /// <summary>What the documentation of the property says.</summary>
    internal string Description => XmlSummaries.Of(Path[^1]);

    internal object? Default { get; }

    /// <summary>The default as a user would write it; null when there is nothing to write.</summary>
    internal string? DefaultText => Default switch
    {
        null or "" => null,
        bool or Enum => Names.Kebab(Default.ToString()!),
        string text => text,
        IEnumerable<object> items => items.Any() ? string.Join(",", items) : null,
        _ => Convert.ToString(Default, CultureInfo.InvariantCulture),
    };

    /// <summary>The default as a configuration file has it; null when there is nothing to write.</summary>
    internal JsonNode? DefaultJson => Default switch
    {
        null => null,
        Enum => JsonValue.Create(JsonNamingPolicy.CamelCase.ConvertName(Default.ToString()!)),
        bool or string => JsonSerializer.SerializeToNode(Default),
        ComponentReference reference => JsonSerializer.SerializeToNode(reference),
        _ => JsonSerializer.SerializeToNode(Default, Default.GetType()),
    };

    /// <summary>The name in JSON, after the names of the records around it: <c>prediction.overlap</c>.</summary>
    internal string JsonPath => string.Join('.', Path.Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)));

    /// <summary>The properties to walk from the options record to the value.</summary>
    internal IReadOnlyList<PropertyInfo> Path { get; }

    internal bool IsSwitch => _type == typeof(bool);

    /// <summary>The values that there are, where these are few.</summary>
    internal IReadOnlyList<string> Choices => IsSwitch ? ["true", "false"] : _type.IsEnum ? [.. Enum.GetNames(_type).Select(Names.Kebab)] : [];

    /// <summary>What a value looks like, for help and messages.</summary>
    internal string Expected => _type switch
    {
        _ when IsSwitch => "true or false",
        _ when _type.IsEnum => string.Join("|", Choices),
        _ when IsWhole => "whole number" + RangeText + string.Concat(Rules.Select(rule => ", " + rule)),
        _ when IsReal => "number" + RangeText + string.Concat(Rules.Select(rule => ", " + rule)),
        _ when IsComponent => "component name or {\"component\": …, \"options\": {…}}",
        _ when IsComponentList => "component names, comma-separated, or a JSON list of {\"component\": …, \"options\": {…}}",
        _ when IsList => "list, comma-separated",
        _ => Rules.Any() ? string.Join(", ", Rules) : "text",
    };

    private IEnumerable<string> Rules => Path[^1].GetCustomAttributes<OptionRuleAttribute>().Select(rule => rule.Expected);

    private bool IsWhole => _type == typeof(int) || _type == typeof(long);

    private bool IsReal => _type == typeof(float) || _type == typeof(double);

    private bool IsList => _type != typeof(string) && _type.IsAssignableTo(typeof(IEnumerable<string>));

    private bool IsComponent => _type == typeof(ComponentReference);

    private bool IsComponentList => _type != typeof(string) && _type.IsAssignableTo(typeof(IEnumerable<ComponentReference>));

    private RangeAttribute? Range => Path[^1].GetCustomAttribute<RangeAttribute>();

    private string RangeText => Range switch
    {
        null => "",
        var range => Invariant($", {(range.MinimumIsExclusive ? "above " : "")}{range.Minimum} to {(range.MaximumIsExclusive ? "below " : "")}{range.Maximum}"),
    };

    internal static bool IsLeafType(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(float) || type == typeof(double)
            || type.IsEnum || type.IsAssignableTo(typeof(IEnumerable<string>)) || type == typeof(ComponentReference) || type.IsAssignableTo(typeof(IEnumerable<ComponentReference>));
    }

    /// <summary>Turns the text of a flag into a value of the right kind, or says what was expected.</summary>
    /// <param name="text">The text after the flag; null for a switch that stands alone.</param>
    /// <param name="where">How the user wrote it, for the message: <c>--lr</c>.</param>
    internal JsonNode Parse(string? text, string where)
    {
        JsonNode? value = text switch
        {
            null when IsSwitch => JsonValue.Create(true),
            null => throw new UsageException($"{where} needs a value: {Expected}."),
            _ when IsSwitch => bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : null,
            _ when IsWhole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole) : null,
            _ when IsReal => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? JsonValue.Create(real) : null,
            _ when _type.IsEnum => EnumValue(text),
            _ when IsComponent => Component(text, where),
            _ when IsComponentList => Components(text, where),
            _ when IsList => new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => JsonValue.Create(item))]),
            _ => JsonValue.Create(text),
        };
        return Checked(value, $"'{text}'", where);
    }

    /// <summary>Checks a value of the configuration file.</summary>
    internal JsonNode? Parse(JsonNode? node, string where)
    {
        if (node is JsonArray items && IsList)
        {
            return items.All(item => item is JsonValue value && value.TryGetValue<string>(out _)) ? items.DeepClone() : Checked(null, node.ToJsonString(), where);
        }

        if (node is JsonObject && (IsComponent || IsComponentList))
        {
            return Parse(node.ToJsonString(), where);
        }

        if (node is JsonArray && IsComponentList)
        {
            return Components(node.ToJsonString(), where);
        }

        if (node is null && CanBeNull)
        {
            return null;
        }

        // Numbers and words share the checks of the command line, but a quoted number is no number.
        var isText = node is JsonValue value && value.TryGetValue<string>(out _);
        var wantsText = _type == typeof(string) || _type.IsEnum || IsList || IsComponent || IsComponentList;
        return node is JsonValue && isText == wantsText
            ? Parse(isText ? node.GetValue<string>() : node.ToJsonString(), where)
            : Checked(null, node?.ToJsonString() ?? "null", where);
    }

    private bool CanBeNull => new NullabilityInfoContext().Create(Path[^1]).WriteState == NullabilityState.Nullable;

    private static JsonNode? Component(string text, string where)
    {
        try
        {
            return JsonSerializer.SerializeToNode(ComponentReference.Parse(text));
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new UsageException($"{where}: found '{text}', {error.Message}.");
        }
    }

    private static JsonArray Components(string text, string where)
    {
        try
        {
            var items = text.TrimStart() switch
            {
                ['[', ..] => JsonNode.Parse(text)!.AsArray().Select(item => item?.GetValueKind() == JsonValueKind.String ? item.GetValue<string>() : item?.ToJsonString() ?? "null"),
                ['{', ..] => [text],
                _ => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            };
            return [.. items.Select(item => Component(item, where))];
        }
        catch (JsonException)
        {
            throw new UsageException($"{where}: found '{text}', which is not JSON. Expected names, comma-separated, or a JSON list.");
        }
    }

    private JsonNode Checked(JsonNode? value, string found, string where)
    {
        var range = Range;
        var tooFar = value is not null && range is not null && (IsWhole || IsReal) && !IsInside(range, IsWhole ? value.GetValue<long>() : value.GetValue<double>());
        return value is null || tooFar ? throw new UsageException($"{where}: found {found}, expected {Expected}.") : value;
    }

    private static bool IsInside(RangeAttribute range, double value)
    {
        var (low, high) = (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
        return value >= low && value <= high && !(range.MinimumIsExclusive && value == low) && !(range.MaximumIsExclusive && value == high);
    }

    private JsonValue? EnumValue(string text)
    {
        var name = Enum.GetNames(_type).FirstOrDefault(name => Names.Key(name) == Names.Key(text));
        return name is null ? null : JsonValue.Create(name);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
