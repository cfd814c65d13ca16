using MLPipelines.Components;

namespace MLPipelines.Host.Plugins;

/// <summary>Loads the plugins of folders. Everything that can be wrong with one is found before any of it is loaded, and never keeps another from loading.</summary>
internal sealed class PluginLoader
{
    private readonly SharedAssemblies _shared = new();
    private readonly Dictionary<string, string> _ids = [];
    private readonly Dictionary<string, string> _assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _problems = [];

    private PluginLoader()
    {
        foreach (var component in ComponentRegistry.OfApplication().Components)
        {
            _ids[component.Id] = component.Type.Assembly.GetName().Name!;
            _assemblies[component.Type.Assembly.GetName().Name!] = component.Type.Assembly.Location;
        }
    }

    /// <summary>Loads every plugin below some folders.</summary>
    /// <param name="folders">Each a plugin's folder itself, or one with a folder for each plugin.</param>
    /// <returns>One message for each plugin that is not used.</returns>
    internal static IReadOnlyList<string> Load(IEnumerable<string> folders)
    {
        var all = folders.SelectMany(PluginFolders).Distinct().ToList();
        if (all.Count == 0)
        {
            return [];
        }

        var loader = new PluginLoader();
        all.ForEach(loader.TryLoad);
        return loader._problems;
    }

    private static IEnumerable<string> PluginFolders(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder).Where(candidate => Directory.EnumerateFiles(candidate, "*.dll").Any());
    }

    private void TryLoad(string folder)
    {
        if (PluginContext.Of(folder) is not null)
        {
            return;
        }

        try
        {
            var files = new PluginFiles(folder, _shared);
            if (files.Plugins.Count == 0)
            {
                throw PluginProblem.NoPlugin(files);
            }

            foreach (var plugin in files.Plugins)
            {
                Check(plugin, files);
            }

            Load(files);
        }
        catch (Exception error)
        {
            _problems.Add((error as PluginProblem ?? PluginProblem.NotLoadable(folder, error)).Message);
        }
    }

    private void Load(PluginFiles files)
    {
        var context = new PluginContext(files, _shared);
        var registry = new ComponentRegistry();
        foreach (var plugin in context.Plugins)
        {
            registry.AddAssembly(plugin);
        }

        context.MakeResolvable();
        foreach (var plugin in files.Plugins)
        {
            _assemblies.Add(plugin.Name, plugin.File);
            plugin.ComponentIds.ToList().ForEach(id => _ids.Add(id, plugin.Name));
        }
    }

    private void Check(AssemblyImage plugin, PluginFiles files)
    {
        CheckVersions(plugin, plugin, files, []);
        if (_assemblies.TryGetValue(plugin.Name, out var other))
        {
            throw PluginProblem.DuplicateAssembly(plugin, other);
        }

        if (plugin.ComponentIds.FirstOrDefault(_ids.ContainsKey) is { } id)
        {
            throw PluginProblem.DuplicateId(plugin, id, _ids[id]);
        }
    }

    private void CheckVersions(AssemblyImage plugin, AssemblyImage image, PluginFiles files, HashSet<string> seen)
    {
        foreach (var reference in image.References.Where(reference => seen.Add(reference.Name!)))
        {
            var (name, wanted) = (reference.Name!, reference.Version ?? new Version());
            if (_shared.VersionOf(name) is { } present)
            {
                CheckShared(plugin, image, name, wanted, present);
            }
            else if (files.Find(name) is { } file && AssemblyImage.Read(file) is { } own)
            {
                if (own.Version < wanted)
                {
                    throw PluginProblem.VersionClash(plugin, image.Name, name, wanted, own.Version, shared: false);
                }

                CheckVersions(plugin, own, files, seen);
            }
            else if (!_assemblies.ContainsKey(name) && !(_shared.VersionInTool(name) >= wanted))
            {
                throw PluginProblem.MissingDependency(plugin, image.Name, name, wanted);
            }
        }
    }

    // Our own libraries promise that a plugin works with the version that it was built for and later ones of the same major version (minor, before 1.0).
    private static void CheckShared(AssemblyImage plugin, AssemblyImage image, string name, Version wanted, Version present)
    {
        var isOurs = name.StartsWith(nameof(MLPipelines) + ".", StringComparison.Ordinal);
        if (isOurs && (wanted.Major != present.Major || (wanted.Major == 0 && wanted.Minor != present.Minor)))
        {
            throw PluginProblem.WrongApiVersion(plugin, name, wanted, present);
        }

        if (wanted > present)
        {
            throw PluginProblem.VersionClash(plugin, image.Name, name, wanted, present, shared: true);
        }
    }
}
