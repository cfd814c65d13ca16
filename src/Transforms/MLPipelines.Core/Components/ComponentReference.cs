using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLPipelines.Components;

/// <summary>A component in a configuration: which one, and its options.</summary>
/// <remarks>
/// <para>In JSON a text, <c>"tiger"</c>, or an object, <c>{"component": "optimizer.tiger.v1", "options": {"beta": 0.945}}</c>.</para>
/// <para>
/// A name may be shorter than the id where it stays clear: <c>tiger</c> or <c>optimizer.tiger</c> mean the newest version, <c>tiger.v1</c> or the whole id
/// mean one version for ever. Which kind is meant follows from where the reference stands: an optimiser is sought among optimisers only.
/// </para>
/// Immutable: the options are copied in and belong to the reference, whoever reads them must not change them.
/// </remarks>
[JsonConverter(typeof(ComponentReferenceConverter))]
public sealed record ComponentReference
{
    /// <summary>Refers to a component.</summary>
    /// <param name="component">Its id, or a shorter name.</param>
    /// <param name="options">Its options; those that are not there have their defaults. Null means that all have.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ComponentReference(string component, JsonObject? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(component);
        Component = component;
        Options = options?.DeepClone().AsObject();
    }

    /// <summary>The component's id, or a shorter name.</summary>
    public string Component { get; }

    /// <summary>The options that differ from their defaults; null when there are none.</summary>
    public JsonObject? Options { get; }

    /// <summary>A name alone is a reference without options.</summary>
    /// <param name="component">The id, or a shorter name.</param>
    public static implicit operator ComponentReference(string component) => FromString(component);

    /// <inheritdoc cref="op_Implicit(string)"/>
    public static ComponentReference FromString(string component) => new(component);

    /// <summary>Reads what a user wrote on a command line: a name, or the JSON object.</summary>
    /// <param name="text">For example <c>tiger</c> or <c>{"component": "tiger", "options": {"beta": 0.945}}</c>.</param>
    /// <exception cref="FormatException">The text is empty, or neither a name nor such an object; the message says which.</exception>
    public static ComponentReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed is [not ('{' or '"' or '['), ..]) return new(trimmed);
        try
        {
            return JsonSerializer.Deserialize<ComponentReference>(trimmed) ?? throw new JsonException(ComponentReferenceConverter.Expected);
        }
        catch (JsonException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    /// <summary>The component that the name means.</summary>
    /// <typeparam name="T">What it has to be, for example the interface of optimisers.</typeparam>
    /// <param name="registry">The components to choose from.</param>
    /// <exception cref="ArgumentException">No component, or more than one, is meant, or it is not a <typeparamref name="T"/>; the message names what comes close.</exception>
    public ComponentInfo Find<T>(ComponentRegistry registry)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(registry);
        var named = registry.Components.Where(IsNamed).ToList();
        var suitable = named.Where(component => component.Type.IsAssignableTo(typeof(T))).ToList();
        if (suitable.Count == 0)
        {
            throw named.Count > 0 ? Errors.WrongComponentKind(named[0], typeof(T), registry.Ids<T>()) : Errors.UnknownComponentName(Component, typeof(T), registry.Ids<T>());
        }
        if (suitable.DistinctBy(component => (component.Kind, component.Name)).Count() > 1) throw Errors.AmbiguousComponent(Component, suitable.Select(component => component.Id));
        return suitable.MaxBy(component => component.Version)!;
    }

    /// <summary>Makes the component.</summary>
    /// <typeparam name="T">What it has to be.</typeparam>
    /// <param name="registry">The components to choose from.</param>
    /// <param name="services">Further constructor arguments, as for <see cref="ComponentRegistry.Create"/>.</param>
    /// <exception cref="ArgumentException">As for <see cref="Find"/>, or the options are not valid.</exception>
    public T Resolve<T>(ComponentRegistry registry, params IReadOnlyList<object> services)
        where T : class
    {
        var id = Find<T>(registry).Id;
        return registry.Create<T>(id, Options is null ? default : JsonSerializer.SerializeToElement(Options), services);
    }

    bool IsNamed(ComponentInfo component) =>
        Component == component.Id || Component == component.Name || Component == $"{component.Kind}.{component.Name}" || Component == $"{component.Name}.v{component.Version}";

    /// <summary>Whether another reference names the same component in the same words, with equal options.</summary>
    /// <param name="other">The other reference.</param>
    public bool Equals(ComponentReference? other) => other is not null && Component == other.Component && JsonNode.DeepEquals(Options, other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => Component.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name, or with options the JSON object.</summary>
    public override string ToString() => Options is null ? Component : JsonSerializer.Serialize(this);
}
