using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>Reads and writes the safetensors format.</summary>
/// <remarks>
/// A file is: the header's length (8 bytes, little endian), the header (JSON: names, types, shapes, offsets), the data. Reading treats the
/// file as hostile: nothing in it is executed, the header has a maximum length and depth, every type, shape and offset is checked, data may
/// neither overlap nor leave holes nor reach past the end, and no memory is allocated because a number in the file says so before the
/// bytes are known to be there.
/// Source: https://github.com/huggingface/safetensors (README, "Format").
/// </remarks>
public static class Safetensors
{
    const int Chunk = 1 << 22;

    /// <summary>Reads a file from a stream, up to the stream's end.</summary>
    /// <param name="stream">The stream; not disposed. A tensor may have up to 2 GiB, the whole file more.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="nonFinite">Whether NaN and infinities are errors, the default.</param>
    /// <returns>The tensors by name, each with memory of its own.</returns>
    /// <exception cref="InvalidDataException">The content is not a valid safetensors file; the message says what is wrong.</exception>
    public static IReadOnlyDictionary<string, TensorData> Read(Stream stream, string source = "safetensors", NonFinite nonFinite = NonFinite.Reject)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var remaining = stream.CanSeek ? stream.Length - stream.Position : (long?)null;
        var header = ReadHeader(stream, remaining, source);
        var tensors = new Dictionary<string, TensorData>(header.Tensors.Count, StringComparer.Ordinal);
        foreach (var tensor in header.Tensors)
        {
            var data = ReadExactly(stream, tensor.End - tensor.Begin, trusted: remaining is not null)
                ?? throw Errors.Tensors($"the file ends inside tensor '{tensor.Name}'", source);
            tensors.Add(tensor.Name, Checked(tensor, data, source, nonFinite));
        }

        return stream.ReadByte() < 0 ? tensors : throw TrailingBytes(header, source);
    }

    /// <summary>Reads a file from memory, without copying: the tensors are slices of <paramref name="file"/>.</summary>
    /// <inheritdoc cref="Read(Stream, string, NonFinite)"/>
    /// <param name="file">The whole file.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="nonFinite">Whether NaN and infinities are errors, the default.</param>
    public static IReadOnlyDictionary<string, TensorData> Read(ReadOnlyMemory<byte> file, string source = "safetensors", NonFinite nonFinite = NonFinite.Reject)
    {
        if (file.Length < sizeof(ulong)) throw TooShort(file.Length, source);
        var length = HeaderLength(file.Span, file.Length, source);
        var header = SafetensorsHeader.Parse(file.Slice(sizeof(ulong), length), source);
        var data = file[(sizeof(ulong) + length)..];
        CheckLength(header, data.Length, source);
        return header.Tensors.ToDictionary(
            tensor => tensor.Name, tensor => Checked(tensor, data[(int)tensor.Begin..(int)tensor.End], source, nonFinite), StringComparer.Ordinal);
    }

    /// <summary>Reads only the metadata of a file.</summary>
    /// <param name="stream">The stream; not disposed, left after the header.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">The content is not a valid safetensors file; the message says what is wrong.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(Stream stream, string source = "safetensors")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadHeader(stream, stream.CanSeek ? stream.Length - stream.Position : null, source).Metadata;
    }

    /// <summary>Writes a file. Equal input gives equal bytes, whatever the order of the tensors.</summary>
    /// <param name="stream">The stream; not disposed.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">Free text beside the tensors.</param>
    /// <param name="nonFinite">Whether NaN and infinities are errors, the default.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, a type is unknown, or data and shape disagree.</exception>
    /// <exception cref="InvalidDataException">A value is not finite and that is not allowed; nothing has been written then.</exception>
    public static void Write(
        Stream stream, IEnumerable<KeyValuePair<string, TensorData>> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        NonFinite nonFinite = NonFinite.Reject)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(stream, tensors.Select(tensor => KeyValuePair.Create<string, ITensorSource>(tensor.Key, tensor.Value)), metadata, nonFinite);
    }

    /// <summary>Writes a file from tensors that are read while it is written. Equal input gives equal bytes, whatever the order of the tensors.</summary>
    /// <inheritdoc cref="Write(Stream, IEnumerable{KeyValuePair{string, TensorData}}, IReadOnlyDictionary{string, string}?, NonFinite)"/>
    public static void Write(
        Stream stream, IEnumerable<KeyValuePair<string, ITensorSource>> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        NonFinite nonFinite = NonFinite.Reject)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var entries = Layout(tensors, nonFinite);
        var header = HeaderBytes(entries, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header.Span);
        foreach (var (_, tensor, _) in entries)
        {
            tensor.Read((piece, _) =>
            {
                for (; piece.Length > Chunk; piece = piece[Chunk..]) stream.Write(piece[..Chunk]);
                stream.Write(piece);
            });
        }
    }

    // Widest elements first, so that every tensor is aligned to its element size; then by name.
    static List<(string Name, ITensorSource Tensor, long Bytes)> Layout(IEnumerable<KeyValuePair<string, ITensorSource>> tensors, NonFinite nonFinite)
    {
        var entries = new SortedDictionary<(int, string), (string Name, ITensorSource Tensor, long Bytes)>(
            Comparer<(int Size, string Name)>.Create((a, b) => a.Size != b.Size ? b.Size.CompareTo(a.Size) : string.CompareOrdinal(a.Name, b.Name)));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            if (name == "__metadata__") throw Errors.TensorNotWritable(name, "the name is reserved");
            if (!names.Add(name)) throw Errors.TensorNotWritable(name, "the name occurs twice");
            var type = TensorType.Find(tensor.DType) ?? throw Errors.TensorNotWritable(name, $"the type '{tensor.DType}' is unknown");
            var bytes = 0L;
            tensor.Read((piece, _) =>
            {
                bytes += piece.Length;
                if (nonFinite == NonFinite.Reject && type.IsFinite?.Invoke(piece) == false) throw Errors.NonFinite(name, "to be written");
            });
            if (type.BytesOf(tensor.Shape) != bytes)
                throw Errors.TensorNotWritable(name, Invariant($"its shape [{string.Join(", ", tensor.Shape)}] does not fit its {bytes} bytes"));
            entries.Add((type.Size, name), (name, tensor, bytes));
        }

        return [.. entries.Values];
    }

    static ReadOnlyMemory<byte> HeaderBytes(List<(string Name, ITensorSource Tensor, long Bytes)> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(item => item.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }

            var position = 0L;
            foreach (var (name, tensor, bytes) in entries)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.DType);
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(position);
                json.WriteNumberValue(position += bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Padded with spaces, so that the data begin at a multiple of 8.
        var padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenMemory;
    }

    internal static SafetensorsHeader ReadHeader(Stream stream, long? remaining, string source)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        var read = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (read < prefix.Length) throw TooShort(read, source);
        var length = HeaderLength(prefix, remaining, source);
        var bytes = ReadExactly(stream, length, trusted: remaining is not null)
                ?? throw Errors.Tensors("the file ends inside the header", source);
        var header = SafetensorsHeader.Parse(bytes, source);
        if (remaining is { } known) CheckLength(header, known - sizeof(ulong) - length, source);
        return header;
    }

    static int HeaderLength(ReadOnlySpan<byte> prefix, long? fileLength, string source)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaximumLength)
            throw Errors.Tensors("the header is too long", source, Invariant($"at most {SafetensorsHeader.MaximumLength} bytes"), Invariant($"{length} bytes"));
        if (fileLength is { } known && (long)length > known - sizeof(ulong)) throw Errors.Tensors("the file ends inside the header", source);
        return (int)length;
    }

    static void CheckLength(SafetensorsHeader header, long actual, string source)
    {
        if (header.DataLength > actual)
        {
            var tensor = header.Tensors.First(tensor => tensor.End > actual);
            throw Errors.Tensors($"the file ends inside tensor '{tensor.Name}'", source, Invariant($"{header.DataLength} bytes of data"), Invariant($"{actual}"));
        }

        if (header.DataLength < actual) throw TrailingBytes(header, source);
    }

    static TensorData Checked(TensorEntry tensor, ReadOnlyMemory<byte> data, string source, NonFinite nonFinite)
    {
        tensor.Type.Check(data.Span, tensor.Name, source, nonFinite);
        return new(tensor.DType, tensor.Shape, data);
    }

    // Null when the stream ends early. When the stream's length is unknown, memory grows with the bytes that really arrive.
    static byte[]? ReadExactly(Stream stream, long length, bool trusted)
    {
        var buffer = new byte[trusted ? length : Math.Min(length, Chunk)];
        var filled = 0;
        while (true)
        {
            var read = stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            if (read < buffer.Length - filled) return null;
            filled = buffer.Length;
            if (filled == length) return buffer;
            Array.Resize(ref buffer, (int)Math.Min(length, filled * 2L));
        }
    }

    static InvalidDataException TooShort(int length, string source)
        => Errors.Tensors("the file is too short", source, "8 bytes for the header's length", Invariant($"{length} bytes"));

    static InvalidDataException TrailingBytes(SafetensorsHeader header, string source)
        => Errors.Tensors("the file goes on after the last tensor", source, Invariant($"{header.DataLength} bytes of data"));

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
