namespace MLPipelines.Host.Diagnostics;

/// <summary>The native libraries that this process has loaded, by path.</summary>
internal static class LoadedLibraries
{
    internal static IReadOnlyList<string> Paths
    {
        get
        {
            const string maps = "/proc/self/maps";
            return File.Exists(maps)
                ? [.. File.ReadLines(maps).Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)).Where(parts => parts.Length == 6).Select(parts => parts[5].Trim()).Distinct()]
                : [];
        }
    }

    /// <summary>The first loaded library whose file name contains one of the words, or null.</summary>
    internal static string? Find(params string[] words) =>
        Paths.FirstOrDefault(path => words.Any(word => Path.GetFileName(path).Contains(word, StringComparison.OrdinalIgnoreCase)));
}
