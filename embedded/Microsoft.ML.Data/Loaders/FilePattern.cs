namespace Microsoft.ML.Data;

/// <summary>Finds the files that a path with wildcards names.</summary>
internal static class FilePattern
{
    /// <summary>The files in ordinal order per pattern. A path that names no file stands for itself, so that opening it says what is missing.</summary>
    public static string[] Expand(string path)
    {
        if (path is null || File.Exists(path))
            return path is null ? [] : [path];
        string[] files = [.. path.Split('+', StringSplitOptions.RemoveEmptyEntries).SelectMany(Match)];
        return files.Length > 0 ? files : [path];
    }

    private static IEnumerable<string> Match(string pattern)
    {
        var name = Path.GetFileName(pattern);
        var directory = Path.GetDirectoryName(pattern);
        if (name.AsSpan().IndexOfAny('*', '?') < 0)
            return File.Exists(pattern) ? [pattern] : [];
        var folder = string.IsNullOrEmpty(directory) ? "." : directory;
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, name).Select(file => Path.Combine(directory, Path.GetFileName(file))).Order(StringComparer.Ordinal)
            : [];
    }
}
