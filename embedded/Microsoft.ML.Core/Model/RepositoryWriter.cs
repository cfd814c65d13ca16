using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Writes a model file. Several entries may be open at once; each goes into the archive when it is closed.</summary>
internal sealed class RepositoryWriter : Repository
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _paths = [];

    private RepositoryWriter(Stream stream, IExceptionContext ectx)
        : base(ectx) =>
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext ectx = null, bool useFileSystem = true)
    {
        ectx.CheckValue(stream, nameof(stream));
        var writer = new RepositoryWriter(stream, ectx);
        using var entry = writer.CreateEntry("TrainingInfo", "Version.txt");
        using var text = new StreamWriter(entry.Stream, leaveOpen: true);
        text.WriteLine(typeof(RepositoryWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        return writer;
    }

    public Entry CreateEntry(string name) => CreateEntry(null, name);

    public Entry CreateEntry(string dir, string name)
    {
        var path = PathOf(dir, name);
        if (!_paths.Add(path))
        {
            throw ExceptionContext.ExceptParam(nameof(name), "Duplicate entry: '{0}'", path);
        }
        return AddEntry(path, CreateScratch(ExceptionContext, long.MaxValue));
    }

    /// <summary>Completes the archive.</summary>
    public void Commit() => Dispose();

    protected override void OnClose(Entry entry)
    {
        using var scratch = entry.Stream;
        using var target = _archive.CreateEntry(entry.Path).Open();
        scratch.Position = 0;
        scratch.CopyTo(target);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _archive.Dispose();
    }
}
