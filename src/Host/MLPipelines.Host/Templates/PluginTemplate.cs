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
    /// <param name="source">A checkout to build against; null for the one that the tool runs from, or packages.</param>
    /// <returns>The number of files.</returns>
    internal static int Write(string name, string folder, string? source)
    {
        if (!CSharpName().IsMatch(name))
        {
            throw new UsageException($"'{name}' cannot be a plugin's name. Expected a C# name such as Acme or Acme.Text.");
        }

        if (source is not null && !IsCheckout(source))
        {
            throw new UsageException($"--source: {source} is not a checkout of MLPipelines (no MLPipelines.sln in it).");
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

        if ((source ?? CheckoutOfTool()) is { } checkout)
        {
            Save(Path.Combine(folder, LocalProps), SourceProps(Path.GetFullPath(checkout), Path.GetFullPath(folder)));
            return files.Count + 1;
        }

        return files.Count;
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

    private static string? CheckoutOfTool()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (IsCheckout(folder))
            {
                return folder;
            }
        }

        return null;
    }

    private static bool IsCheckout(string folder) => File.Exists(Path.Combine(folder, "MLPipelines.sln")) && Directory.Exists(Path.Combine(folder, "src"));

    private static string SourceProps(string checkout, string folder)
    {
        // Inside the checkout the path is relative, so that the whole can be moved.
        checkout = Path.TrimEndingDirectorySeparator(checkout).Replace('\\', '/');
        var inside = folder.Replace('\\', '/').StartsWith(checkout + "/", StringComparison.Ordinal);
        var path = inside ? "$(MSBuildThisFileDirectory)" + Path.GetRelativePath(folder, checkout).Replace('\\', '/') : checkout;
        return $"""
            <Project>
              <PropertyGroup>
                <MLPipelinesSource>{path}/</MLPipelinesSource>
              </PropertyGroup>
            </Project>

            """;
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
