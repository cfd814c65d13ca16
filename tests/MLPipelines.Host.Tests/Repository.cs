namespace MLPipelines.Host.Tests;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The build output of another project, built like this one.</summary>
    internal static string OutputOf(string project) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../..", project, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))));

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "MLPipelines.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
