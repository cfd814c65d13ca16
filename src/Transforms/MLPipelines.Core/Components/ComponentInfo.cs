using System.Reflection;
using System.Text.RegularExpressions;

namespace MLPipelines.Components;

/// <summary>What a registry knows about one component.</summary>
public sealed partial class ComponentInfo
{
    ComponentInfo(Type type, PipelineComponentAttribute attribute, Match id)
    {
        Type = type;
        Id = attribute.Id;
        Source = attribute.Source;
        Summary = attribute.Summary;
        Kind = id.Groups["kind"].Value;
        Name = id.Groups["name"].Value;
        Version = int.Parse(id.Groups["version"].ValueSpan, provider: null);
        OptionsType = type.GetNestedType("Options");
    }

    /// <summary>The id, <c>kind.name.vN</c>.</summary>
    public string Id { get; }

    /// <summary>The first part of the id, for example <c>loss</c>.</summary>
    public string Kind { get; }

    /// <summary>The middle part of the id, for example <c>zlpr</c>.</summary>
    public string Name { get; }

    /// <summary>The last part of the id as a number, from 1.</summary>
    public int Version { get; }

    /// <summary>The component class.</summary>
    public Type Type { get; }

    /// <summary>The class's nested <c>Options</c> record; null when it has none.</summary>
    public Type? OptionsType { get; }

    /// <summary>Where the method comes from.</summary>
    public string? Source { get; }

    /// <summary>One sentence for listings.</summary>
    public string? Summary { get; }

    /// <summary>Describes a component class.</summary>
    /// <param name="type">A class that carries <see cref="PipelineComponentAttribute"/>.</param>
    /// <exception cref="ArgumentException">The class carries no attribute, or its id is not of the form <c>kind.name.vN</c>.</exception>
    public static ComponentInfo Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var attribute = type.GetCustomAttribute<PipelineComponentAttribute>(inherit: false) ?? throw Errors.NotAComponent(type);
        var id = IdPattern().Match(attribute.Id);
        return id.Success ? new(type, attribute, id) : throw Errors.MalformedComponentId(attribute.Id, type);
    }

    /// <summary>Makes the component from options that are there already; see <see cref="ComponentRegistry.Create"/> for how the constructor is chosen.</summary>
    /// <typeparam name="T">What the component has to be.</typeparam>
    /// <param name="options">An instance of <see cref="OptionsType"/>; null where there is none.</param>
    /// <param name="services">Further constructor arguments, matched by type.</param>
    /// <exception cref="ArgumentException">The component is something else, no constructor can be called, or the options are not valid.</exception>
    public T Create<T>(object? options, params IReadOnlyList<object> services)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!Type.IsAssignableTo(typeof(T))) throw Errors.WrongComponentKind(this, typeof(T), []);
        foreach (var constructor in Type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length))
        {
            var parameters = constructor.GetParameters();
            var arguments = new object?[parameters.Length];
            if (parameters.Select((parameter, i) => TrySupply(parameter, options, services, out arguments[i])).All(supplied => supplied))
                return (T)constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        }

        throw Errors.CannotConstruct(this, services);
    }

    static bool TrySupply(ParameterInfo parameter, object? options, IReadOnlyList<object> services, out object? argument)
    {
        argument = parameter.ParameterType.IsInstanceOfType(options) ? options : services.FirstOrDefault(parameter.ParameterType.IsInstanceOfType);
        if (argument is not null) return true;
        argument = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        return parameter.HasDefaultValue;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Type.FullName})";

    [GeneratedRegex(@"^(?<kind>[a-z][a-z0-9-]*)\.(?<name>[a-z0-9][a-z0-9-]*)\.v(?<version>[1-9][0-9]{0,3})\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
