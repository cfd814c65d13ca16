namespace Microsoft.ML.Data;

/// <summary>Finds the files that a path with wildcards names.</summary>
internal static class FilePattern
{
    private const string Recursion = "...";

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
        int recursion = pattern.IndexOf(Recursion, StringComparison.Ordinal);
        if (recursion >= 0)
        {
            var right = pattern[(recursion + Recursion.Length)..].TrimStart('/', '\\');
            return InTree(pattern[..recursion], right.Length > 0 ? right : "*");
        }
        var name = Path.GetFileName(pattern);
        return name.AsSpan().IndexOfAny('*', '?') >= 0 ? InFolder(Path.GetDirectoryName(pattern), name) : File.Exists(pattern) ? [pattern] : [];
    }

    private static IEnumerable<string> InFolder(string folder, string name)
    {
        var opened = string.IsNullOrEmpty(folder) ? "." : folder;
        return Directory.Exists(opened)
            ? Directory.EnumerateFiles(opened, name).Select(file => Path.Combine(folder, Path.GetFileName(file))).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>The files of a folder, then those of its folders, depth first; links to folders are not followed.</summary>
    private static IEnumerable<string> InTree(string folder, string name)
    {
        var opened = string.IsNullOrEmpty(folder) ? "." : folder;
        if (!Directory.Exists(opened))
            return [];
        var folders = new DirectoryInfo(opened).EnumerateDirectories("*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(inner => inner.Name).Order(StringComparer.Ordinal);
        return InFolder(folder, name).Concat(folders.SelectMany(inner => InTree(Path.Combine(folder, inner), name)));
    }
}
