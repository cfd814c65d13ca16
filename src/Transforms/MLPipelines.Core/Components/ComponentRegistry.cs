using System.Reflection;
using System.Text.Json;

namespace MLPipelines.Components;

/// <summary>Finds components by id and makes them from JSON options.</summary>
/// <remarks>
/// An ordinary object, so that two hosts in one process can know different components. It holds no state besides the list:
/// adding is not thread-safe, reading and creating are once everything has been added.
/// </remarks>
public sealed class ComponentRegistry
{
    readonly SortedDictionary<string, ComponentInfo> _components = new(StringComparer.Ordinal);
    readonly List<string> _problems = [];

    /// <summary>A registry of everything that the running application has: every component in an assembly that references this one.</summary>
    /// <remarks>
    /// Looked at are the assemblies that the application was built with, used yet or not (so a package reference is all that a plugin needs), and those that were
    /// loaded since, such as the plugins that a host loaded from a folder. An assembly that cannot be used is left out and said to be so in
    /// <see cref="Problems"/>: one whose files are missing, one with a malformed id, or one with an id that an assembly before it has already. An assembly comes
    /// after those that it references, and plugins from folders come last. In an application published as a single file, only assemblies already in use are found.
    /// </remarks>
    public static ComponentRegistry OfApplication()
    {
        var registry = new ComponentRegistry();
        foreach (var (name, assembly, failure) in ApplicationAssemblies.Find())
        {
            try
            {
                if (failure is not null) throw failure;
                registry.AddAssembly(assembly!);
            }
            catch (Exception exception) when (exception is ArgumentException or IOException or BadImageFormatException or TypeLoadException or ReflectionTypeLoadException)
            {
                registry._problems.Add(Errors.AssemblyLeftOut(name, exception));
            }
        }

        return registry;
    }

    /// <summary>What <see cref="OfApplication"/> left out and why: one message for each assembly.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Every known component, ordered by id.</summary>
    public IReadOnlyList<ComponentInfo> Components => [.. _components.Values];

    /// <summary>Adds every public class of an assembly that carries <see cref="PipelineComponentAttribute"/>. Adding twice is harmless.</summary>
    /// <param name="assembly">The assembly to search.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">An id is malformed, or another class has it already. Nothing of the assembly is added then.</exception>
    public ComponentRegistry AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var added = new Dictionary<string, ComponentInfo>(StringComparer.Ordinal);
        foreach (var type in assembly.GetExportedTypes().Where(type => type.IsDefined(typeof(PipelineComponentAttribute), inherit: false)))
        {
            var component = ComponentInfo.Of(type);
            if (!added.TryAdd(component.Id, component)) throw Errors.DuplicateComponent(component.Id, added[component.Id].Type, type);
            if (_components.TryGetValue(component.Id, out var present) && present.Type != type) throw Errors.DuplicateComponent(component.Id, present.Type, type);
        }

        foreach (var (id, component) in added) _components[id] = component;
        return this;
    }

    /// <summary>The ids of all components that are a <typeparamref name="T"/>, in order.</summary>
    /// <typeparam name="T">An interface or base class, for example the interface of losses.</typeparam>
    public IEnumerable<string> Ids<T>() => _components.Values.Where(component => component.Type.IsAssignableTo(typeof(T))).Select(component => component.Id);

    /// <summary>The component with an id.</summary>
    /// <param name="id">The id, <c>kind.name.vN</c>.</param>
    /// <exception cref="ArgumentException">No component has the id; the message lists those of the same kind.</exception>
    public ComponentInfo Get(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _components.TryGetValue(id, out var component) ? component : throw Errors.UnknownComponent(id, _components.Keys, _problems);
    }

    /// <summary>Makes a component.</summary>
    /// <remarks>
    /// The options are read strictly (a key that the options do not have is an error) and validated. The constructor chosen is the
    /// public one with the most parameters that can all be supplied: the options, one of <paramref name="services"/> that fits the
    /// parameter's type, or the parameter's own default value.
    /// </remarks>
    /// <typeparam name="T">What the component has to be.</typeparam>
    /// <param name="id">The id, <c>kind.name.vN</c>.</param>
    /// <param name="options">A JSON object with the option values; the default means no values, that is, every option's own default.</param>
    /// <param name="services">
    /// Further constructor arguments, matched by type; for example a context or a random generator. A list that is one argument is written in
    /// brackets, <c>[list]</c>: alone it would be taken apart.
    /// </param>
    /// <exception cref="ArgumentException">Unknown id, wrong kind, or invalid options; the message says which and what is possible.</exception>
    public T Create<T>(string id, JsonElement options = default, params IReadOnlyList<object> services)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(services);
        var component = Get(id);
        if (!component.Type.IsAssignableTo(typeof(T))) throw Errors.WrongComponentKind(component, typeof(T), Ids<T>());

        return component.Create<T>(component.OptionsType is null ? null : OptionsJson.Read(component.OptionsType, options, id), services);
    }
}
