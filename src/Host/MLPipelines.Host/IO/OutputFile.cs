namespace MLPipelines.Host;

/// <summary>A file that appears under its name only when it is complete: written beside its target, renamed by <see cref="Commit"/>.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private bool _committed;

    internal OutputFile(string path)
    {
        _target = Path.GetFullPath(path);
        if (Directory.Exists(_target))
        {
            throw new UsageException($"{path}: the output is a directory, expected a file name.");
        }

        _temporary = $"{_target}.{Environment.ProcessId}.tmp";
        AppDomain.CurrentDomain.ProcessExit += DeleteTemporary;
        try
        {
            Stream = new FileStream(_temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);
        }
        catch (DirectoryNotFoundException)
        {
            throw new UsageException($"{path}: the output folder {Path.GetDirectoryName(_target)} does not exist. Create it first.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: the output folder {Path.GetDirectoryName(_target)} may not be written by this user.");
        }
    }

    internal FileStream Stream { get; }

    /// <summary>Gives the finished file its name, replacing an older one.</summary>
    internal void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary, _target, overwrite: true);
        _committed = true;
    }

    /// <summary>Removes what was written unless it was committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= DeleteTemporary;
        DeleteTemporary(null, EventArgs.Empty);
    }

    // Also when the process is interrupted.
    private void DeleteTemporary(object? sender, EventArgs e)
    {
        if (!_committed)
        {
            File.Delete(_temporary);
        }
    }
}
