using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace MLPipelines.Components;

/// <summary>The assemblies in which an application's components are: everything that references this assembly.</summary>
/// <remarks>
/// Whatever the application was published with is found by reading its files, loaded or not; what was loaded on top, such as a plugin, is found
/// among the assemblies in the process. None of them is known by name.
/// </remarks>
static class ApplicationAssemblies
{
    static readonly string s_core = typeof(ApplicationAssemblies).Assembly.GetName().Name!;

    static readonly Lazy<IReadOnlyList<string>> s_published = new(FindPublished);

    /// <summary>Each assembly or the reason why it could not be loaded, referenced ones before those that reference them, plugins last.</summary>
    public static IEnumerable<(string Name, Assembly? Assembly, Exception? Failure)> Find()
    {
        var seen = new HashSet<Assembly>();
        foreach (var name in s_published.Value)
        {
            Assembly? assembly = null;
            Exception? failure = null;
            try
            {
                seen.Add(assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName { Name = name }));
            }
            catch (Exception exception) when (exception is IOException or BadImageFormatException)
            {
                failure = exception;
            }

            yield return (name, assembly, failure);
        }

        var loaded = AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic && seen.Add(assembly) && References(assembly));
        foreach (var assembly in loaded.OrderBy(assembly => assembly.FullName, StringComparer.Ordinal)) yield return (assembly.GetName().Name!, assembly, null);
    }

    static bool References(Assembly assembly) => Array.Exists(assembly.GetReferencedAssemblies(), reference => reference.Name == s_core);

    // The host gives the runtime the list of all files that the application was built with.
    static List<string> FindPublished()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var files = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(file => Path.GetDirectoryName(file) != framework);
        var references = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var file in files)
            if (ReadReferences(file) is { } found && found.Contains(s_core)) references[Path.GetFileNameWithoutExtension(file)] = found;
        return [.. references.Keys.OrderBy(Depth).ThenBy(name => name, StringComparer.Ordinal)];

        int Depth(string name) => references.TryGetValue(name, out var below) ? 1 + below.Max(Depth) : 0;
    }

    static List<string>? ReadReferences(string file)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            if (!image.HasMetadata) return null;
            var metadata = image.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            // Not an assembly, or not ours to read: then nothing in it can be a component.
            return null;
        }
    }
}
