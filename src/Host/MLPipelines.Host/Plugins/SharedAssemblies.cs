using System.Reflection;
using MLPipelines.Components;

namespace MLPipelines.Host.Plugins;

/// <summary>
/// The assemblies of which there is one for the tool and all plugins: the libraries that plugins are written against, and everything that these need (ML.NET, TorchSharp, the
/// platform), because their types go back and forth. Everything else a plugin brings along belongs to the plugin alone.
/// </summary>
internal sealed class SharedAssemblies
{
    private readonly Dictionary<string, string> _files;
    private readonly Dictionary<string, Version> _shared = new(StringComparer.OrdinalIgnoreCase);

    internal SharedAssemblies()
    {
        var files = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        _files = files.DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase).ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, StringComparer.OrdinalIgnoreCase);
        var platform = Path.GetDirectoryName(typeof(object).Assembly.Location);
        foreach (var file in files.Where(file => Path.GetDirectoryName(file) == platform))
        {
            Add(file);
        }

        // The libraries are those components come from, whatever their names are; the tool itself is not for plugins.
        var tool = Assembly.GetExecutingAssembly();
        var libraries = ComponentRegistry.OfApplication().Components.Select(component => component.Type.Assembly).Append(typeof(ComponentRegistry).Assembly);
        foreach (var library in libraries.Where(library => library != tool).Distinct())
        {
            AddWithReferences(library.GetName().Name!);
        }
    }

    /// <summary>The version of a shared assembly; null when a name is not shared.</summary>
    internal Version? VersionOf(string name) => _shared.GetValueOrDefault(name);

    /// <summary>The version of any assembly of the tool; null when it has none of that name.</summary>
    internal Version? VersionInTool(string name) => VersionOf(name) ?? (_files.TryGetValue(name, out var file) ? AssemblyImage.Read(file)?.Version : null);

    private void AddWithReferences(string name)
    {
        if (!_shared.ContainsKey(name) && _files.TryGetValue(name, out var file) && Add(file) is { } image)
        {
            foreach (var reference in image.References)
            {
                AddWithReferences(reference.Name!);
            }
        }
    }

    private AssemblyImage? Add(string file)
    {
        var image = AssemblyImage.Read(file);
        if (image is not null)
        {
            _shared[image.Name] = image.Version;
        }

        return image;
    }
}
