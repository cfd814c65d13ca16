using System.Reflection;
using System.Text.Json.Nodes;

namespace MLPipelines.Components;

/// <summary>A text that has to be one of a few names.</summary>
/// <example><code>
/// [OneOf(typeof(Activations))] public string Activation { get; init; } = "gelu";   // those of Activations.Names
/// </code></example>
public sealed class OneOfAttribute : OptionRuleAttribute
{
    readonly Lazy<IReadOnlyList<string>> _names;

    /// <summary>Takes the names that a class knows.</summary>
    /// <param name="source">A class with a public static property <c>Names</c>, a list of text.</param>
    public OneOfAttribute(Type source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Source = source;
        _names = new(() => source.GetProperty("Names", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as IReadOnlyList<string>
            ?? throw Errors.WrongState($"'{source}' has no list of names", "Give it a public static property 'Names' that is a list of text, or name the values in [OneOf]"));
    }

    /// <summary>Takes names.</summary>
    /// <param name="names">The names.</param>
    public OneOfAttribute(params string[] names) => _names = new(names);

    /// <summary>The class that knows the names; null where they are given.</summary>
    public Type? Source { get; }

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => _names.Value;

    /// <inheritdoc/>
    public override string Expected => string.Join('|', Names);

    /// <inheritdoc/>
    public override void AddTo(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema["enum"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]);
    }

    /// <inheritdoc/>
    protected override string? Violation(object value, object options) => value is string name && Names.Contains(name) ? null : $"one of {string.Join(", ", Names)}";
}
