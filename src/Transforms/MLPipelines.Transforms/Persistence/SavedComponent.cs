using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>Writes a part of a model (an encoder, a tokenizer) as its component id, assembly and options, and makes it again.</summary>
/// <remarks>So a saved model can contain parts that come from a plugin. The assembly is loaded by name from the application, never from the file.</remarks>
public static class SavedComponent
{
    /// <summary>Describes a component.</summary>
    /// <param name="component">The component; its class carries <see cref="PipelineComponentAttribute"/>.</param>
    /// <param name="options">The options that make it again.</param>
    public static JsonObject Write(object component, object options)
    {
        ArgumentNullException.ThrowIfNull(component);
        var info = ComponentInfo.Of(component.GetType());
        return new() { ["component"] = info.Id, ["assembly"] = info.Type.Assembly.GetName().Name, ["options"] = OptionsJson.Write(options) };
    }

    /// <summary>Makes a component again.</summary>
    /// <typeparam name="T">What it has to be.</typeparam>
    /// <param name="json">What <see cref="Write"/> gave; possibly from an untrusted file.</param>
    /// <param name="services">Further constructor arguments, matched by type.</param>
    /// <exception cref="InvalidDataException">The description is malformed, or the component cannot be made from it.</exception>
    /// <exception cref="InvalidOperationException">The application does not have the assembly.</exception>
    public static T Create<T>(JsonNode? json, params IReadOnlyList<object> services)
        where T : class
    {
        var (id, assembly, options) = Read(json, typeof(T));
        try
        {
            return new ComponentRegistry().AddAssembly(assembly).Create<T>(id, options, services);
        }
        catch (ArgumentException exception)
        {
            throw Failures.PartCannotBeMade(typeof(T), exception);
        }
    }

    /// <summary>The options in a description, without making the component.</summary>
    /// <param name="json">What <see cref="Write"/> gave; possibly from an untrusted file.</param>
    /// <exception cref="InvalidDataException">The description is malformed, or the options are not valid.</exception>
    public static object? ReadOptions(JsonNode? json)
    {
        var (id, assembly, options) = Read(json, typeof(object));
        try
        {
            var type = new ComponentRegistry().AddAssembly(assembly).Get(id).OptionsType;
            return type is null ? null : OptionsJson.Read(type, options, id);
        }
        catch (ArgumentException exception)
        {
            throw Failures.PartCannotBeMade(typeof(object), exception);
        }
    }

    static (string Id, Assembly Assembly, JsonElement Options) Read(JsonNode? json, Type wanted)
    {
        if (json is not JsonObject part || Text(part["component"]) is not { } id || Text(part["assembly"]) is not { } name || part["options"] is not JsonObject options)
            throw Failures.PartMalformed(wanted);
        try
        {
            return (id, AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName { Name = name }), JsonSerializer.SerializeToElement(options));
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or BadImageFormatException or ArgumentException)
        {
            throw Errors.PackageAssemblyMissing(id, name, exception);
        }
    }

    static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
