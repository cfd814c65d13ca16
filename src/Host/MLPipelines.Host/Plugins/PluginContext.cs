using System.Reflection;
using System.Runtime.Loader;

namespace MLPipelines.Host.Plugins;

/// <summary>One plugin in the process: its own assemblies come from its folder, shared ones from the tool.</summary>
internal sealed class PluginContext : AssemblyLoadContext
{
    private readonly SharedAssemblies _shared;
    private readonly PluginFiles _files;

    internal PluginContext(PluginFiles files, SharedAssemblies shared)
        : base(files.Folder, isCollectible: false)
    {
        (_files, _shared) = (files, shared);
        Plugins = [.. files.Plugins.Select(plugin => LoadFromAssemblyPath(plugin.File))];
    }

    /// <summary>The assemblies with components.</summary>
    internal IReadOnlyList<Assembly> Plugins { get; }

    /// <summary>The context of a folder that was loaded before; null when it was not.</summary>
    internal static PluginContext? Of(string folder) => All.OfType<PluginContext>().FirstOrDefault(context => context.Name == folder);

    /// <summary>
    /// Models name the assembly of their component, and ML.NET and we look for it in the default context; so that is where plugins have to be found by name, and what they bring along of other people's
    /// transformers.
    /// </summary>
    internal void MakeResolvable() => Default.Resolving += (_, name) => IsNamedInModels(name.Name!) ? LoadFromAssemblyName(new AssemblyName(name.Name!)) : null;

    private bool IsNamedInModels(string name) => _files.Plugins.Concat(_files.ModelLibraries).Any(image => string.Equals(image.Name, name, StringComparison.OrdinalIgnoreCase));

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _shared.VersionOf(assemblyName.Name!) is null && _files.Find(assemblyName.Name!) is { } file ? LoadFromAssemblyPath(file) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) => _files.FindNative(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
}
