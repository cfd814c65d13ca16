using System.Reflection;
using System.Text.RegularExpressions;
using MLPipelines.Host.Settings;

namespace MLPipelines.Host.Templates;

/// <summary>Writes a plugin's solution. The template is the sample <c>04.WriteAPlugin</c>, which is built, tested and trained with this repository.</summary>
internal static partial class PluginTemplate
{
    private const string Prefix = "plugin/";
    private const string LocalProps = "MLPipelines.local.props";

    /// <summary>Writes the solution.</summary>
    /// <param name="name">The plugin's name.</param>
    /// <param name="folder">Where to; created, and has to be empty if it exists.</param>
    /// <param name="origin">What it is built against.</param>
    /// <returns>The number of files.</returns>
    internal static int Write(string name, string folder, LibraryOrigin origin)
    {
        if (!CSharpName().IsMatch(name))
        {
            throw new UsageException($"'{name}' cannot be a plugin's name. Expected a C# name such as Acme or Acme.Text.");
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new UsageException($"{folder} exists and is not empty. Give another place with --out.");
        }

        var files = Files(name).ToList();
        foreach (var (path, content) in files)
        {
            Save(Path.Combine(folder, path), content);
        }

        var properties = origin.Properties(folder);
        if (properties.Count == 0)
        {
            return files.Count;
        }

        Save(Path.Combine(folder, LocalProps), $"<Project>\n  <PropertyGroup>\n{string.Concat(properties.Select(pair => $"    <{pair.Name}>{pair.Value}</{pair.Name}>\n"))}  </PropertyGroup>\n</Project>\n");
        return files.Count + 1;
    }

    private static IEnumerable<(string Path, string Content)> Files(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal) && !resource.EndsWith(LocalProps, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (Rename(resource[Prefix.Length..].Replace('\\', '/'), name), Rename(reader.ReadToEnd(), name));
        }
    }

    // Namespaces, projects and folders have the whole name, classes its last part, ids and files of data the last part in lower case.
    private static string Rename(string text, string name)
    {
        var last = name.Split('.')[^1];
        return TemplateNames().Replace(text, found => found.Groups["type"].Success ? last : found.Groups["id"].Success ? Names.Kebab(last) : name);
    }

    private static void Save(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, content);
    }

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*\z")]
    private static partial Regex CSharpName();

    [GeneratedRegex("(?<type>Acme(?=[A-Z]))|Acme|(?<id>acme)")]
    private static partial Regex TemplateNames();
}
