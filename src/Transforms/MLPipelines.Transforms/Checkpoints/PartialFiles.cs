namespace MLPipelines.Checkpoints;

/// <summary>Files that are written beside their final places and moved there together at the end; disposed before that, they leave nothing behind.</summary>
sealed class PartialFiles(string directory) : IDisposable
{
    readonly List<(string Partial, string Final)> _files = [];
    readonly string _suffix = $".{Guid.NewGuid():N}.partial";
    bool _isNew;

    /// <summary>Writes one file.</summary>
    /// <param name="name">Its name in the directory.</param>
    /// <param name="write">Writes the content.</param>
    public void Write(string name, Action<Stream> write)
    {
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            _isNew = true;
        }

        var final = Path.Combine(directory, name);
        _files.Add((final + _suffix, final));
        using var stream = File.Create(final + _suffix);
        write(stream);
    }

    /// <summary>Puts every file in its place. Each is replaced as a whole.</summary>
    public void Commit()
    {
        foreach (var (partial, final) in _files) File.Move(partial, final, overwrite: true);
        _files.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (partial, _) in _files) File.Delete(partial);
        if (_isNew && !Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
    }
}
