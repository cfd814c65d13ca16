using System.Globalization;
using System.IO.Compression;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>A file that <c>torch.save</c> wrote: a zip with a pickle that describes tensors, and one stored entry for the bytes of each storage.</summary>
/// <remarks>Source: https://github.com/pytorch/pytorch/blob/main/docs/source/notes/serialization.rst.</remarks>
sealed class TorchFile : ITensorFile
{
    const string PickleName = "/data.pkl";
    const int MaximumPickle = 16 << 20;

    // Tied weights share a storage; thousands of tensors over one would make a small file claim a large disk.
    const int MostUsesOfAByte = 8;

    // Where training scripts put the weights when they save more than the weights.
    static readonly string[] s_usualKeys = ["state_dict", "model_state_dict", "model"];

    readonly ZipArchive _zip;

    TorchFile(string path, Stream stream)
    {
        (Path, Length) = (path, stream.Length);
        _zip = new(stream, ZipArchiveMode.Read);
        try
        {
            Tensors = Read();
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public long Length { get; }

    public IReadOnlyDictionary<string, ITensorSource> Tensors { get; }

    public static TorchFile Open(string path) => Open(File.OpenRead(path), path);

    /// <param name="stream">The file; disposed with the result, and when it is refused.</param>
    /// <param name="path">Its name, for messages.</param>
    public static TorchFile Open(Stream stream, string path)
    {
        try
        {
            return new(path, stream);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            stream.Dispose();
            if (exception.Message.StartsWith("MLP", StringComparison.Ordinal)) throw;
            throw Errors.TorchFile("the file is not a readable zip", path, got: exception.Message.TrimEnd('.'), inner: exception);
        }
    }

    public void Dispose() => _zip.Dispose();

    Dictionary<string, ITensorSource> Read()
    {
        var entries = Entries();
        var pickles = entries.Keys.Where(name => name.EndsWith(PickleName, StringComparison.Ordinal) && name.IndexOf('/', StringComparison.Ordinal) == name.Length - PickleName.Length).ToList();
        if (pickles is not [var pickle]) throw Errors.TorchFile("the zip has no pickle of its own", Path, "one entry NAME/data.pkl", Invariant($"{pickles.Count}"));
        var folder = pickle[..^PickleName.Length];
        if (entries.ContainsKey(folder + "/constants.pkl"))
            throw Errors.TorchFile("the file is a TorchScript program", Path, "a dictionary of tensors, saved by torch.save(model.state_dict(), …)");
        if (entries.TryGetValue(folder + "/byteorder", out var order) && !Content(order).AsSpan().SequenceEqual("little"u8))
            throw Errors.TorchFile("the numbers are not little endian", Path);

        var described = StateOf(TorchPickle.Read(Content(entries[pickle]), $"{Path}, {pickle}"));
        var tensors = new Dictionary<string, ITensorSource>(described.Count, StringComparer.Ordinal);
        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        var total = 0m;
        var prefix = described.Keys.All(name => name.StartsWith("module.", StringComparison.Ordinal)) ? "module." : "";
        foreach (var (name, tensor) in described)
        {
            if (tensor.Fault() is { } fault) throw Errors.TorchFile($"the tensor '{name}' {fault}", Path, got: Describe(tensor));
            total += tensor.Storage.Type.BytesOf(tensor.Shape)!.Value;
            if (total > MostUsesOfAByte * (decimal)Length) throw Errors.TorchFile("the tensors share their values too often", Path, Invariant($"at most {MostUsesOfAByte * Length} bytes in all tensors together"));
            var storage = tensor.Storage;
            if (!storages.TryAdd(storage.Key, storage) && storages[storage.Key] != storage) throw Errors.TorchFile($"the storage '{storage.Key}' is described in two ways", Path);
            if (!entries.TryGetValue($"{folder}/data/{storage.Key}", out var data)) throw Errors.TorchFile($"the values of tensor '{name}' are missing", Path, $"an entry '{folder}/data/{storage.Key}'");
            if (data.Length / storage.Type.Size != storage.Count || data.Length % storage.Type.Size != 0)
                throw Errors.TorchFile($"the values of tensor '{name}' have another length than the pickle says", Path, Invariant($"{storage.Count} elements of {storage.DType}"), Invariant($"{data.Length} bytes"));
            tensors.Add(name[prefix.Length..], new StoredTensor(this, name, tensor, data));
        }

        return tensors;
    }

    // Entries that are stored, as all are that torch.save writes, cannot be larger than the file together; otherwise they overlap.
    Dictionary<string, ZipArchiveEntry> Entries()
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var entry in _zip.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry)) throw Errors.TorchFile($"the entry '{entry.FullName}' is there twice", Path);
            if (entry.CompressedLength != entry.Length || entry.IsEncrypted) throw Errors.TorchFile($"the entry '{entry.FullName}' is compressed or encrypted", Path, "stored entries, which torch.save writes");
            if (entry.Length < 0 || (total += entry.Length) > Length) throw Errors.TorchFile("the entries overlap", Path, Invariant($"at most {Length} bytes together"));
        }

        return entries;
    }

    byte[] Content(ZipArchiveEntry entry)
    {
        if (entry.Length > MaximumPickle) throw Errors.TorchFile($"the entry '{entry.FullName}' is too long", Path, Invariant($"at most {MaximumPickle} bytes"), Invariant($"{entry.Length}"));
        var content = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(content);
        return content;
    }

    Dictionary<string, TorchTensor> StateOf(object? root)
    {
        if (root is not TorchDictionary dictionary) throw Errors.TorchFile("the file holds no dictionary", Path, "a dictionary of tensors, saved by torch.save(model.state_dict(), …)");
        if (TensorsOf(dictionary) is { Count: > 0 } direct) return direct;
        var nested = dictionary.Where(pair => pair is { Key: string, Value: TorchDictionary }).Select(pair => (Key: (string)pair.Key, Tensors: TensorsOf((TorchDictionary)pair.Value!)))
            .Where(pair => pair.Tensors.Count > 0).ToList();
        if (nested is [var only]) return only.Tensors;
        if (nested.Count == 0 && dictionary.Count == 0) return [];
        var usual = s_usualKeys.FirstOrDefault(key => nested.Any(pair => pair.Key == key))
            ?? throw Errors.TorchFile("it is not clear which dictionary holds the weights", Path, "tensors, or one dictionary of tensors", string.Join(", ", dictionary.Keys.Take(20).Select(key => $"'{key}'")));
        return nested.First(pair => pair.Key == usual).Tensors;
    }

    static Dictionary<string, TorchTensor> TensorsOf(TorchDictionary dictionary)
        => dictionary.Where(pair => pair is { Key: string, Value: TorchTensor }).ToDictionary(pair => (string)pair.Key, pair => (TorchTensor)pair.Value!, StringComparer.Ordinal);

    static string Describe(TorchTensor tensor)
        => Invariant($"sizes [{string.Join(", ", tensor.Shape)}], steps [{string.Join(", ", tensor.Strides)}], offset {tensor.Offset} in {tensor.Storage.Count} elements of {tensor.Storage.DType}");

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    sealed class StoredTensor(TorchFile file, string name, TorchTensor tensor, ZipArchiveEntry data) : ITensorSource
    {
        const int Piece = 1 << 20;

        int Size => tensor.Storage.Type.Size;

        public string DType => tensor.Storage.DType;

        public IReadOnlyList<long> Shape => tensor.Shape;

        public void Read(TensorReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            if (tensor.Extent == 0) return;
            try
            {
                using var stream = data.Open();
                Skip(stream, tensor.Offset * Size);
                if (tensor.IsContiguous) ReadInOrder(stream, reader);
                else Gather(stream, reader);
            }
            catch (InvalidDataException exception) when (!exception.Message.StartsWith("MLP", StringComparison.Ordinal))
            {
                // A damaged header can point elsewhere, or claim a compression that shows only while reading.
                throw Errors.TorchFile($"the values of tensor '{name}' cannot be read", file.Path, got: exception.Message.TrimEnd('.'), inner: exception);
            }
        }

        void ReadInOrder(Stream stream, TensorReader reader)
        {
            var length = tensor.Extent * Size;
            var buffer = new byte[Math.Min(Piece, length)];
            for (var at = 0L; at < length; at += buffer.Length)
            {
                var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at));
                Fill(stream, piece);
                Give(piece, at, reader);
            }
        }

        // A transposed or sliced tensor: the part of the storage that it uses is read once, and its elements are picked out of it.
        void Gather(Stream stream, TensorReader reader)
        {
            if (tensor.Extent * Size > Array.MaxLength) throw Errors.TorchFile($"the tensor '{name}' is spread too widely", file.Path, got: Describe(tensor));
            var used = new byte[tensor.Extent * Size];
            Fill(stream, used);
            var piece = new byte[Math.Min(Piece, tensor.Storage.Type.BytesOf(tensor.Shape)!.Value)];
            var (filled, given) = (0, 0L);
            var index = new long[tensor.Shape.Length];
            for (var more = true; more; more = Advance(index))
            {
                var element = 0L;
                for (var axis = 0; axis < index.Length; axis++) element += index[axis] * tensor.Strides[axis];
                used.AsSpan((int)element * Size, Size).CopyTo(piece.AsSpan(filled));
                filled += Size;
                if (filled < piece.Length) continue;
                Give(piece, given, reader);
                (filled, given) = (0, given + filled);
            }

            if (filled > 0) Give(piece.AsSpan(0, filled), given, reader);
        }

        bool Advance(long[] index)
        {
            for (var axis = index.Length - 1; axis >= 0; axis--)
            {
                if (++index[axis] < tensor.Shape[axis]) return true;
                index[axis] = 0;
            }

            return false;
        }

        void Give(ReadOnlySpan<byte> piece, long at, TensorReader reader)
        {
            tensor.Storage.Type.Check(piece, name, file.Path);
            reader(piece, at);
        }

        void Skip(Stream stream, long bytes)
        {
            Span<byte> skipped = new byte[Math.Min(Piece, bytes)];
            for (; bytes > 0; bytes -= Math.Min(bytes, skipped.Length)) Fill(stream, skipped[..(int)Math.Min(bytes, skipped.Length)]);
        }

        void Fill(Stream stream, Span<byte> buffer)
        {
            if (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length) throw Errors.TorchFile($"the file ends inside tensor '{name}'", file.Path);
        }
    }
}
