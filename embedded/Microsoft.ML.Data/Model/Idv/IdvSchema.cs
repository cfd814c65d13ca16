using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>A schema, with its annotations, as a file without rows in ML.NET's binary data view format.</summary>
internal static class IdvSchema
{
    private const int RowsPerBlock = 1;
    private const byte Stored = 0;
    private const byte Deflated = 1;

    /// <summary>Writes the columns whose types can be stored.</summary>
    public static void Write(IChannel channel, Stream stream, DataViewSchema schema)
    {
        var columns = new List<DataViewSchema.Column>();
        foreach (var column in schema)
        {
            if (ValueCodec.ForOrNull(column.Type) is not null)
            {
                columns.Add(column);
            }
            else
            {
                channel.Info(MessageSensitivity.Schema, "The column '{0}' will not be written as it has unsavable column type.", column.Name);
            }
        }
        channel.Check(columns.Count > 0, "No valid columns to save");

        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        var header = Header.Create(columns.Count);
        writer.Write(header.AsBytes());
        var lookupOffset = stream.Position;
        var annotations = columns.ConvertAll(column => WriteAnnotations(channel, writer, column));
        header.TableOfContentsOffset = stream.Position;
        foreach (var (column, annotationOffset) in columns.Zip(annotations))
        {
            writer.Write(column.Name);
            ValueCodec.WriteType(writer, column.Type);
            writer.Write(Deflated);
            writer.Write7BitEncodedInt64(RowsPerBlock);
            writer.Write(lookupOffset);
            writer.Write(annotationOffset);
        }
        header.TailOffset = stream.Position;
        writer.Write(Header.TailSignatureValue);
        stream.Position = 0;
        writer.Write(header.AsBytes());
        stream.Position = stream.Length;
    }

    public static DataViewSchema Read(IChannel channel, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var header = Header.Read(reader);
        var builder = new DataViewSchema.Builder();
        var budget = new Budget(stream.Length);
        stream.Position = header.TableOfContentsOffset;
        for (var i = 0; i < header.ColumnCount; i++)
        {
            var name = reader.ReadString();
            channel.CheckDecode(name.Length > 0, "Corrupt schema: a column has no name");
            var codec = ValueCodec.ReadOrNull(reader);
            var compression = reader.ReadByte();
            var rowsPerBlock = reader.Read7BitEncodedInt64();
            channel.CheckDecode(rowsPerBlock > 0 || (rowsPerBlock == 0 && header.RowCount == 0), "Corrupt schema: wrong number of rows per block");
            reader.ReadInt64(); // The offset of the lookup table of the column's blocks, of which there are none.
            var annotationOffset = reader.ReadInt64();
            if (codec is null || compression > Deflated)
            {
                channel.Warning(MessageSensitivity.Schema, "Cannot interpret column '{0}' at index {1}", name, i);
                continue;
            }
            var next = stream.Position;
            builder.AddColumn(name, codec.Type, ReadAnnotations(channel, reader, header, annotationOffset, budget));
            stream.Position = next;
        }
        return builder.ToSchema();
    }

    private static long WriteAnnotations(IChannel channel, BinaryWriter writer, DataViewSchema.Column column)
    {
        var entries = new List<(string Kind, ValueCodec Codec, byte Compression, long Offset, long Size)>();
        foreach (var annotation in column.Annotations.Schema)
        {
            channel.Check(
                entries.TrueForAll(entry => entry.Kind != annotation.Name), $"Metadata with duplicate kind '{annotation.Name}' encountered, disallowed");
            if (ValueCodec.ForOrNull(annotation.Type) is not { } codec)
            {
                channel.Warning(
                    MessageSensitivity.Schema, "Could not get codec for type {0}, dropping column '{1}' metadata kind '{2}'", annotation.Type, column.Name, annotation.Name);
                continue;
            }
            var offset = writer.BaseStream.Position;
            var compression = WriteBlock(writer, codec, column.Annotations, annotation);
            entries.Add((annotation.Name, codec, compression, offset, writer.BaseStream.Position - offset));
        }
        if (entries.Count == 0)
        {
            return 0;
        }
        var start = writer.BaseStream.Position;
        writer.Write7BitEncodedInt64(entries.Count);
        foreach (var entry in entries)
        {
            writer.Write(entry.Kind);
            entry.Codec.WriteDescription(writer);
            writer.Write(entry.Compression);
            writer.Write(entry.Offset);
            writer.Write7BitEncodedInt64(entry.Size);
        }
        return start;
    }

    private static byte WriteBlock(BinaryWriter writer, ValueCodec codec, DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        using var plain = new MemoryStream();
        using (var plainWriter = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
        {
            codec.WriteOne(plainWriter, annotations, kind);
        }
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            plain.WriteTo(deflate);
        }
        var isSmaller = packed.Length < plain.Length;
        (isSmaller ? packed : plain).WriteTo(writer.BaseStream);
        return isSmaller ? Deflated : Stored;
    }

    private static DataViewSchema.Annotations ReadAnnotations(IChannel channel, BinaryReader reader, Header header, long offset, Budget budget)
    {
        if (offset == 0)
        {
            return null;
        }
        header.CheckOffset(offset, 0);
        reader.BaseStream.Position = offset;
        var builder = new DataViewSchema.Annotations.Builder();
        var kinds = new HashSet<string>();
        for (var left = reader.Read7BitEncodedInt64(); left > 0; left--)
        {
            var entry = reader.BaseStream.Position;
            var kind = reader.ReadString();
            channel.CheckDecode(kind.Length > 0, "Metadata kind must be non-empty string");
            channel.CheckDecode(kinds.Add(kind), "Duplicate metadata kind read from file");
            var codec = ValueCodec.ReadOrNull(reader);
            var compression = reader.ReadByte();
            var blockOffset = reader.ReadInt64();
            var blockSize = reader.Read7BitEncodedInt64();
            header.CheckOffset(blockOffset, blockSize);
            if (codec is null || compression > Deflated)
            {
                channel.Warning(MessageSensitivity.Schema, "Cannot interpret metadata of kind '{0}'", kind);
                continue;
            }
            var next = reader.BaseStream.Position;
            budget.Spend(blockSize + next - entry);
            builder.Add(kind, codec.Type, ReadBlock(reader, codec, compression, blockOffset, blockSize, budget));
            reader.BaseStream.Position = next;
        }
        return builder.ToAnnotations();
    }

    private static Delegate ReadBlock(BinaryReader reader, ValueCodec codec, byte compression, long offset, long size, Budget budget)
    {
        reader.BaseStream.Position = offset;
        using var block = new MemoryStream(reader.ReadBytes(checked((int)size)), writable: false);
        if (compression == Stored)
        {
            return codec.ReadOne(new BinaryReader(block));
        }
        using var plain = new MemoryStream();
        using var inflate = new DeflateStream(block, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        for (var read = inflate.Read(buffer); read > 0; read = inflate.Read(buffer))
        {
            budget.Spend(read);
            plain.Write(buffer, 0, read);
        }
        plain.Position = 0;
        return codec.ReadOne(new BinaryReader(plain));
    }

    /// <summary>
    /// What all annotations of a file may come to, packed and unpacked. A damaged or malicious file may say that a block is huge, or is the annotation of any number of
    /// columns; names of slots, which are most of what is written, take a tenth of their size when they are packed.
    /// </summary>
    private sealed class Budget(long fileLength)
    {
        private readonly long _most = (16L << 20) + 64 * fileLength;
        private long _spent;

        public void Spend(long bytes) =>
            Contracts.CheckDecode((_spent += bytes) <= _most, $"Corrupt schema: its annotations have more than {_most} bytes, in a file of {fileLength}");
    }

    /// <summary>The first bytes of the file.</summary>
    [StructLayout(LayoutKind.Sequential, Size = Size)]
    private struct Header
    {
        public const int Size = 256;
        public const ulong TailSignatureValue = 0x434D4C0044564200;

        private const ulong SignatureValue = 0x00425644004C4D43;
        private const ulong FirstVersion = 0x0001000100010001;
        private const ulong AnnotationsVersion = 0x0001000100010004;
        private const ulong CurrentVersion = 0x0001000100010006;

        public ulong Signature;
        public ulong Version;
        public ulong CompatibleVersion;
        public long TableOfContentsOffset;
        public long TailOffset;
        public long RowCount;
        public int ColumnCount;

        public static Header Create(int columnCount) =>
            new() { Signature = SignatureValue, Version = CurrentVersion, CompatibleVersion = CurrentVersion, ColumnCount = columnCount };

        public static Header Read(BinaryReader reader)
        {
            var stream = reader.BaseStream;
            Unsafe.SkipInit(out Header header);
            Contracts.CheckDecode(
                stream.ReadAtLeast(header.AsBytes(), Size, throwOnEndOfStream: false) == Size, "Corrupt schema: it ends within its header");
            Contracts.CheckDecode(header.Signature == SignatureValue, "This does not appear to be a binary dataview file");
            Contracts.CheckDecode(header.CompatibleVersion <= header.Version && header.Version >= FirstVersion, "Corrupt schema: impossible version");
            Contracts.Check(
                header.CompatibleVersion is >= AnnotationsVersion and <= CurrentVersion, $"Cannot read a schema of version {header.CompatibleVersion:x16}");
            Contracts.CheckDecode(header.RowCount >= 0 && header.ColumnCount >= 0, "Corrupt schema: negative counts");
            Contracts.CheckDecode(header.TailOffset >= Size && header.TailOffset <= stream.Length - sizeof(ulong), "Corrupt schema: it is truncated");
            stream.Position = header.TailOffset;
            Contracts.CheckDecode(reader.ReadUInt64() == TailSignatureValue, "Incorrect tail signature");
            header.CheckOffset(header.TableOfContentsOffset, 0);
            return header;
        }

        public readonly void CheckOffset(long offset, long size) =>
            Contracts.CheckDecode(size >= 0 && offset >= Size && offset <= TailOffset - size, "Corrupt schema: an offset is out of range");

        [UnscopedRef]
        public Span<byte> AsBytes() => MemoryMarshal.AsBytes(new Span<Header>(ref this));
    }
}
