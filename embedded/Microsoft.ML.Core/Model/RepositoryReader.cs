using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Reads a model file.</summary>
internal sealed class RepositoryReader : Repository
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    private RepositoryReader(Stream stream, IExceptionContext ectx)
        : base(ectx)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in _archive.Entries)
            {
                _entries[Normalize(entry.FullName)] = entry;
            }
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException or ArgumentException)
        {
            throw ExceptionContext.ExceptDecode(ex, "Failed to open a zip archive");
        }
    }

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx = null, bool useFileSystem = true)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryReader(stream, ectx);
    }

    public Entry OpenEntry(string name) => OpenEntry(null, name);

    public Entry OpenEntry(string dir, string name) =>
        OpenEntryOrNull(dir, name) ?? throw ExceptionContext.Except("Repository doesn't contain entry {0}", PathOf(dir, name));

    public Entry OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public Entry OpenEntryOrNull(string dir, string name)
    {
        var path = PathOf(dir, name);
        if (!_entries.TryGetValue(path, out var entry))
        {
            return null;
        }
        var scratch = CreateScratch(ExceptionContext, entry.Length);
        try
        {
            using var source = entry.Open();
            source.CopyTo(scratch);
        }
        catch (Exception ex)
        {
            scratch.Dispose();
            if (ex is InvalidDataException or EndOfStreamException or NotSupportedException)
            {
                throw ExceptionContext.ExceptDecode(ex, $"Corrupt model file: entry '{path}' cannot be read: {ex.Message}");
            }
            throw;
        }
        scratch.Position = 0;
        return AddEntry(path, scratch);
    }

    protected override void OnClose(Entry entry) => entry.Stream.Dispose();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _archive.Dispose();
    }
}
