using System.Reflection;
using System.Runtime.Loader;
using MLPipelines.Components;

namespace MLPipelines.Host.Plugins;

/// <summary>The assemblies in a plugin's folder.</summary>
internal sealed class PluginFiles
{
    private static readonly string s_core = typeof(PipelineComponentAttribute).Assembly.GetName().Name!;

    private readonly AssemblyDependencyResolver? _resolver;

    internal PluginFiles(string folder, SharedAssemblies shared)
    {
        Folder = folder;
        var files = Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal).Select(file => (File: file, Image: AssemblyImage.Read(file))).ToList();
        NoAssemblies = [.. files.Where(file => file.Image is null).Select(file => Path.GetFileName(file.File))];
        var images = files.Select(file => file.Image).OfType<AssemblyImage>().Where(image => shared.VersionOf(image.Name) is null).ToList();
        Plugins = [.. images.Where(image => image.References.Any(reference => reference.Name == s_core))];
        ModelLibraries = [.. images.Where(image => image.References.Any(reference => IsOfMLNet(reference.Name!) && shared.VersionOf(reference.Name!) is not null))];

        // With X.deps.json beside X.dll, packages and native files are found where it says; otherwise in the folder itself.
        if (Plugins.FirstOrDefault(plugin => System.IO.File.Exists(Path.ChangeExtension(plugin.File, ".deps.json"))) is { } main)
        {
            _resolver = new AssemblyDependencyResolver(main.File);
        }
    }

    internal string Folder { get; }

    /// <summary>The assemblies that reference the library of components.</summary>
    internal IReadOnlyList<AssemblyImage> Plugins { get; }

    /// <summary>The names of files that are called like assemblies and are none: native libraries, or damaged.</summary>
    internal IReadOnlyList<string> NoAssemblies { get; }

    /// <summary>The plugin's own assemblies that reference ML.NET: what they transform with can be part of a model, as Microsoft.ML.TorchSharp's transformers can.</summary>
    internal IReadOnlyList<AssemblyImage> ModelLibraries { get; }

    /// <summary>The plugin's own copy of an assembly; null when it brings none.</summary>
    internal string? Find(string name) => _resolver?.ResolveAssemblyToPath(new AssemblyName(name)) ?? Existing(Path.Combine(Folder, name + ".dll"));

    internal string? FindNative(string name) => _resolver?.ResolveUnmanagedDllToPath(name) ?? Existing(Path.Combine(Folder, name)) ?? Existing(Path.Combine(Folder, $"lib{name}.so"));

    private static bool IsOfMLNet(string name) => name.StartsWith("Microsoft.ML.", StringComparison.Ordinal);

    private static string? Existing(string file) => System.IO.File.Exists(file) ? file : null;
}
