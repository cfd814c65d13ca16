namespace MLPipelines.Components;

public static partial class Errors
{
    /// <summary>MLP011: a reference names no component of the kind that is needed.</summary>
    /// <param name="name">The name in the reference.</param>
    /// <param name="wanted">What the component should be.</param>
    /// <param name="known">The ids of the components that are.</param>
    public static ArgumentException UnknownComponentName(string name, Type wanted, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var ids = known.ToList();
        var close = NameSuggestions.Closest(name, ids.Select(id => (id, Spellings(id))));
        return new(Text("MLP011", $"there is no {Name(wanted)} '{name}'", expected: $"one of {List(ids)}",
            advice: close.Count > 0 ? $"Did you mean {string.Join(" or ", close.Select(id => $"'{id}'"))}?" : "Check the spelling, or add the plugin that contains it"));
    }

    /// <summary>MLP012: a short name fits several components.</summary>
    /// <param name="name">The name in the reference.</param>
    /// <param name="possible">The ids of the components that it fits.</param>
    public static ArgumentException AmbiguousComponent(string name, IEnumerable<string> possible)
        => new(Text("MLP012", $"the name '{name}' fits several components", expected: $"one of {List(possible)}", advice: "Write the kind too, or the whole id"));

    static IEnumerable<string> Spellings(string id)
    {
        var parts = id.Split('.');
        return parts.Length == 3 ? [id, parts[1], $"{parts[0]}.{parts[1]}", $"{parts[1]}.{parts[2]}"] : [id];
    }
}
