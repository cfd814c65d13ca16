using System.IO.MemoryMappedFiles;

namespace MLPipelines.Persistence;

/// <summary>A memory-mapped safetensors file. Only a window of it is mapped at a time, so that reading all of it does not count as memory in use.</summary>
sealed class SafetensorsFile : ITensorFile
{
    const int Window = 16 << 20;
    const int Piece = 1 << 20;

    readonly MemoryMappedFile _map;
    readonly long _dataStart;

    SafetensorsFile(string path, FileStream stream, SafetensorsHeader header)
    {
        (Path, Length, _dataStart) = (path, stream.Length, stream.Position);
        _map = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        Tensors = header.Tensors.ToDictionary(entry => entry.Name, entry => (ITensorSource)new MappedTensor(this, entry), StringComparer.Ordinal);
    }

    public string Path { get; }

    public long Length { get; }

    public IReadOnlyDictionary<string, ITensorSource> Tensors { get; }

    public static SafetensorsFile Open(string path)
    {
        var stream = File.OpenRead(path);
        try
        {
            return new(path, stream, Safetensors.ReadHeader(stream, stream.Length, path));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public void Dispose() => _map.Dispose();

    sealed class MappedTensor(SafetensorsFile file, TensorEntry entry) : ITensorSource
    {
        public string DType => entry.DType;

        public IReadOnlyList<long> Shape => entry.Shape;

        public void Read(TensorReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            for (var (start, length) = (0L, entry.End - entry.Begin); start < length; start += Window)
                ReadWindow(start, (int)Math.Min(Window, length - start), reader);
        }

        unsafe void ReadWindow(long start, int length, TensorReader reader)
        {
            using var view = file._map.CreateViewAccessor(file._dataStart + entry.Begin + start, length, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            try
            {
                view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
                var window = new ReadOnlySpan<byte>(pointer + view.PointerOffset, length);
                for (var at = 0; at < length; at += Piece)
                {
                    var piece = window.Slice(at, Math.Min(Piece, length - at));
                    entry.Type.Check(piece, entry.Name, file.Path);
                    reader(piece, start + at);
                }
            }
            finally
            {
                if (pointer is not null) view.SafeMemoryMappedViewHandle.ReleasePointer();
            }
        }
    }
}
