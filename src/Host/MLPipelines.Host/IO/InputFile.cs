namespace MLPipelines.Host;

/// <summary>Opens files named by the user, with messages that say which file it was and what it was for.</summary>
internal static class InputFile
{
    /// <summary>Fails unless the file is there and readable.</summary>
    internal static void Check(string path, string what)
    {
        using var _ = Open(path, what);
    }

    internal static FileStream Open(string path, string what)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"{path}: {what} is a directory, expected a file.");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{path}: {what} does not exist (looked in {Path.GetDirectoryName(Path.GetFullPath(path))}).");
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {what} may not be read by this user.");
        }
    }

    /// <summary>Fails for a pipe, which can be read once only.</summary>
    internal static void RequireSeek(FileStream stream, string path, string what)
    {
        if (!stream.CanSeek)
        {
            throw new UsageException($"{path}: {what} is a pipe, expected a file, which can be read more than once.");
        }
    }

    internal static byte[] ReadAllBytes(string path, string what)
    {
        using var stream = Open(path, what);
        RequireSeek(stream, path, what);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
