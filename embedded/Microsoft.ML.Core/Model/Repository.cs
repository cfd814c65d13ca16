using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The entries of a model file, a zip archive. They are read and written through seekable streams of their own.</summary>
internal abstract class Repository : IDisposable
{
    private readonly List<Entry> _open = [];

    private protected Repository(IExceptionContext ectx) => ExceptionContext = ectx;

    public IExceptionContext ExceptionContext { get; }

    protected bool Disposed { get; private set; }

    public void Dispose()
    {
        if (!Disposed)
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        CloseEntries();
        Disposed = true;
    }

    protected void CloseEntries()
    {
        while (_open.Count > 0)
        {
            _open[^1].Dispose();
        }
    }

    protected Entry AddEntry(string path, Stream stream)
    {
        var entry = new Entry(this, path, stream);
        _open.Add(entry);
        return entry;
    }

    /// <summary>Called once, when a user is done with an entry; owns its stream.</summary>
    protected abstract void OnClose(Entry entry);

    /// <summary>The name of an entry inside the archive, with forward slashes.</summary>
    protected string PathOf(string dir, string name)
    {
        ExceptionContext.Check(!Disposed, "The repository is closed.");
        ExceptionContext.CheckNonWhiteSpace(name, nameof(name));
        var path = string.IsNullOrEmpty(dir) ? name : $"{dir}/{name}";
        ExceptionContext.CheckParam(!path.Contains("..", StringComparison.Ordinal), nameof(dir), $"An entry's path must not contain '..': '{path}'");
        return Normalize(path);
    }

    protected static string Normalize(string path) => path.Replace('\\', '/').TrimStart('/');

    /// <summary>A stream for scratch data: in memory where it will be small, else a file that goes away when it is closed.</summary>
    protected static Stream CreateScratch(IExceptionContext ectx, long expectedSize)
    {
        const long SmallSize = 1 << 20;
        if (expectedSize <= SmallSize)
        {
            return new MemoryStream();
        }
        var folder = (ectx as IHostEnvironmentInternal)?.TempFilePath ?? Path.GetTempPath();
        Directory.CreateDirectory(folder);
        return new FileStream(Path.Combine(folder, $"ml_dotnet_{Guid.NewGuid():n}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        });
    }

    /// <summary>An open entry.</summary>
    public sealed class Entry : IDisposable
    {
        private Repository _repository;

        internal Entry(Repository rep, string path, Stream stream)
        {
            _repository = rep;
            Path = path;
            Stream = stream;
        }

        public string Path { get; }

        public Stream Stream { get; }

        public void Dispose()
        {
            var repository = Interlocked.Exchange(ref _repository, null);
            if (repository is not null)
            {
                repository._open.Remove(this);
                repository.OnClose(this);
            }
        }
    }
}
