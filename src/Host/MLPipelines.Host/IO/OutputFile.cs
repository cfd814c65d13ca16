namespace MLPipelines.Host;

/// <summary>A file that appears under its name only when it is complete: written beside its target, renamed by <see cref="Commit"/>.</summary>
/// <remarks>
/// A symbolic link stays: the file that it leads to is replaced. What is no regular file, such as a device or a named pipe, is not replaced either: it receives the finished content.
/// What a killed run left half written is overwritten by the next one with the same target.
/// </remarks>
internal sealed class OutputFile : IDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private readonly FileStream? _special;
    private bool _committed;

    internal OutputFile(string path)
    {
        _target = FinalTarget(path);
        if (Directory.Exists(_target))
        {
            throw new UsageException($"{path}: the output is a directory, expected a file name.");
        }

        try
        {
            _special = OpenSpecial(path);
            _temporary = _special is null ? $"{_target}.mlp.tmp" : Path.GetTempFileName();
            Stream = new FileStream(_temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);
        }
        catch (DirectoryNotFoundException)
        {
            throw Failed($"the output folder {Path.GetDirectoryName(_target)} does not exist. Create it first.");
        }
        catch (UnauthorizedAccessException)
        {
            throw Failed($"the output folder {Path.GetDirectoryName(_target)} may not be written by this user.");
        }
        catch (IOException error)
        {
            throw Failed($"the output cannot be written, perhaps because another run writes it now ({error.Message}).");
        }

        AppDomain.CurrentDomain.ProcessExit += DeleteTemporary;

        UsageException Failed(string what)
        {
            _special?.Dispose();
            return new UsageException($"{path}: {what}");
        }
    }

    internal FileStream Stream { get; }

    /// <summary>Gives the finished file its name, replacing an older one.</summary>
    internal void Commit()
    {
        Stream.Flush(flushToDisk: true);
        if (_special is not null)
        {
            Stream.Position = 0;
            Stream.CopyTo(_special);
            _special.Flush();
            return;
        }

        Stream.Dispose();
        File.Move(_temporary, _target, overwrite: true);
        _committed = true;
    }

    /// <summary>Removes what was written unless it was committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        _special?.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= DeleteTemporary;
        DeleteTemporary(null, EventArgs.Empty);
    }

    private static string FinalTarget(string path)
    {
        var full = Path.GetFullPath(path);
        return new FileInfo(full) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full : full;
    }

    /// <summary>Opens a device or a pipe; for a pipe that waits for its reader. Null for a regular file, which is left as it is, and for one that is not there.</summary>
    private FileStream? OpenSpecial(string path)
    {
        var isKernels = (IsUnder("/dev/") && !IsUnder("/dev/shm/")) || IsUnder("/proc/");
        if (!isKernels && !File.Exists(_target))
        {
            return null;
        }

        FileStream opened;
        try
        {
            // Through the given path: links such as /dev/stdout lead to names that only the kernel can open.
            opened = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException) when (!isKernels)
        {
            return null;
        }

        if (isKernels || !opened.CanSeek)
        {
            return opened;
        }

        opened.Dispose();
        return null;

        bool IsUnder(string folder) => _target.StartsWith(folder, StringComparison.Ordinal);
    }

    // Also when the process is interrupted: Program ends it in an orderly way.
    private void DeleteTemporary(object? sender, EventArgs e)
    {
        if (!_committed)
        {
            File.Delete(_temporary);
        }
    }
}
