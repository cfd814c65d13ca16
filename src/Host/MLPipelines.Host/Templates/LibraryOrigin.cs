using System.Security;
using MLPipelines.Host.Diagnostics;

namespace MLPipelines.Host.Templates;

/// <summary>Where a plugin gets MLPipelines from: a source checkout, a folder with packages, or the feeds that NuGet is set up with.</summary>
internal sealed class LibraryOrigin
{
    private const string Library = "MLPipelines.Trainers";

    private readonly string? _checkout;
    private readonly string? _packages;

    /// <param name="source">A checkout; null for the one that the tool runs from, or packages.</param>
    /// <param name="packages">A folder with packages; null for those of NuGet's feeds.</param>
    internal LibraryOrigin(string? source, string? packages)
    {
        if (source is not null && packages is not null)
        {
            throw new UsageException("--source and --packages: only one of them can say where MLPipelines comes from.");
        }

        if (source is not null && !IsCheckout(source))
        {
            throw new UsageException($"--source: {source} is not a checkout of MLPipelines (no MLPipelines.sln in it).");
        }

        if (packages is not null && !(Directory.Exists(packages) && Directory.EnumerateFiles(packages, Library + ".*.nupkg").Any()))
        {
            throw new UsageException($"--packages: {packages} has no package {Library}. Expected a folder that `dotnet pack MLPipelines.Packages.slnf -c Release -o {packages}` has filled.");
        }

        (_checkout, _packages) = (packages is null ? source ?? CheckoutOfTool() : null, packages);
    }

    /// <summary>The properties of a build in a folder, for this machine only.</summary>
    internal IReadOnlyList<(string Name, string Value)> Properties(string folder)
    {
        if (_checkout is not null)
        {
            return [("MLPipelinesSource", PathOf(Path.GetFullPath(_checkout), Path.GetFullPath(folder)))];
        }

        var properties = new List<(string, string)>();
        if (_packages is not null)
        {
            properties.Add(("RestoreAdditionalProjectSources", SecurityElement.Escape(Path.GetFullPath(_packages))));
        }

        // The test project of the template needs none then.
        if (Doctor.RunsEmbedded)
        {
            properties.Add(("MLPipelinesBringsLibtorch", "true"));
        }

        return properties;
    }

    private static string PathOf(string checkout, string folder)
    {
        // Inside the checkout the path is relative, so that the whole can be moved.
        checkout = Path.TrimEndingDirectorySeparator(checkout).Replace('\\', '/');
        var inside = folder.Replace('\\', '/').StartsWith(checkout + "/", StringComparison.Ordinal);
        return (inside ? "$(MSBuildThisFileDirectory)" + Path.GetRelativePath(folder, checkout).Replace('\\', '/') : SecurityElement.Escape(checkout)) + "/";
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
}
