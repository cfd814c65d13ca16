using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The 256 bytes at the start of each part of a model. They are followed by the model itself, a table of string ends, the
/// characters of the strings, the name of the loader's assembly, and a tail signature. Offsets count from the header.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct ModelHeader
{
    public const int Size = 0x0100;
    public const ulong SignatureValue = 0x4C45444F4D004C4D;
    public const ulong TailSignatureValue = 0x4D4C004D4F44454C;

    private const uint AssemblyNameVersion = 0x00010002;
    private const uint CurrentVersion = 0x00010002;
    private const uint OldestVersion = 0x00010001;

    public ulong Signature;
    public uint VerWritten;
    public uint VerReadable;
    public long FpModel;
    public long CbModel;
    public long FpStringTable;
    public long CbStringTable;
    public long FpStringChars;
    public long CbStringChars;
    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;
    public ulong LoaderSignature0;
    public ulong LoaderSignature1;
    public ulong LoaderSignature2;
    public ulong LoaderSignatureAlt0;
    public ulong LoaderSignatureAlt1;
    public ulong LoaderSignatureAlt2;
    public long FpTail;
    public long FpLim;
    public long FpAssemblyName;
    public uint CbAssemblyName;

    public static void BeginWrite(BinaryWriter writer, out long fpMin, out ModelHeader header)
    {
        fpMin = writer.BaseStream.Position;
        header = new() { Signature = SignatureValue, VerWritten = CurrentVersion, VerReadable = CurrentVersion, FpModel = Size };
        writer.Write(new byte[Size]);
    }

    /// <summary>Ends the model: writes the strings, the assembly name and the tail, then the header in its place.</summary>
    public static void EndWrite(BinaryWriter writer, long fpMin, ref ModelHeader header, NormStr.Pool pool = null, string loaderAssemblyName = null)
    {
        long Here() => writer.BaseStream.Position - fpMin;
        header.CbModel = Here() - header.FpModel;
        if (pool is { Count: > 0 })
        {
            header.FpStringTable = Here();
            var end = 0L;
            foreach (var text in pool)
            {
                end += (long)text.Value.Length * sizeof(char);
                writer.Write(end);
            }
            header.FpStringChars = Here();
            header.CbStringTable = header.FpStringChars - header.FpStringTable;
            foreach (var text in pool)
            {
                writer.Write(MemoryMarshal.AsBytes(text.Value.Span));
            }
            header.CbStringChars = Here() - header.FpStringChars;
        }
        if (!string.IsNullOrEmpty(loaderAssemblyName))
        {
            header.FpAssemblyName = Here();
            header.CbAssemblyName = (uint)loaderAssemblyName.Length * sizeof(char);
            writer.Write(MemoryMarshal.AsBytes(loaderAssemblyName.AsSpan()));
        }
        header.FpTail = Here();
        writer.Write(TailSignatureValue);
        header.FpLim = Here();
        writer.BaseStream.Position = fpMin;
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ModelHeader>(in header)));
        writer.BaseStream.Position = fpMin + header.FpLim;
    }

    public static void SetVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        header.ModelSignature = ver.ModelSignature;
        header.ModelVerWritten = ver.VerWrittenCur;
        header.ModelVerReadable = ver.VerReadableCur;
        var signature = PackedText.Pack(ver.LoaderSignature, 3);
        var alternative = PackedText.Pack(ver.LoaderSignatureAlt, 3);
        (header.LoaderSignature0, header.LoaderSignature1, header.LoaderSignature2) = (signature[0], signature[1], signature[2]);
        (header.LoaderSignatureAlt0, header.LoaderSignatureAlt1, header.LoaderSignatureAlt2) = (alternative[0], alternative[1], alternative[2]);
    }

    public static void CheckVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        Contracts.CheckDecode(header.ModelSignature == ver.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(header.ModelVerReadable <= header.ModelVerWritten, "Corrupt file header");
        Contracts.CheckDecode(
            header.ModelVerReadable <= ver.VerWrittenCur,
            $"Component '{ver.LoaderSignature}' of the model is too new: version {header.ModelVerReadable:x} is needed to read it, this is {ver.VerWrittenCur:x}.");
        Contracts.CheckDecode(
            header.ModelVerWritten >= ver.VerWeCanReadBack,
            $"Component '{ver.LoaderSignature}' of the model is too old: it was written by version {header.ModelVerWritten:x}, the oldest readable one is {ver.VerWeCanReadBack:x}.");
    }

    public static string GetLoaderSig(ref ModelHeader header) =>
        PackedText.Unpack(header.LoaderSignature0, header.LoaderSignature1, header.LoaderSignature2);

    public static string GetLoaderSigAlt(ref ModelHeader header) =>
        PackedText.Unpack(header.LoaderSignatureAlt0, header.LoaderSignatureAlt1, header.LoaderSignatureAlt2);

    /// <summary>Reads and checks everything but the model, and goes to the start of the model.</summary>
    public static void BeginRead(
        out long fpMin, out ModelHeader header, out string[] strings, out string loaderAssemblyName, BinaryReader reader)
    {
        var stream = reader.BaseStream;
        fpMin = stream.Position;
        Unsafe.SkipInit(out header);
        var bytes = MemoryMarshal.AsBytes(new Span<ModelHeader>(ref header));
        Contracts.CheckDecode(stream.ReadAtLeast(bytes, Size, throwOnEndOfStream: false) == Size, "Corrupt model file: it ends within a header");
        header.CheckLayout(stream.Length - fpMin);

        strings = ReadStrings(reader, fpMin, in header);
        loaderAssemblyName = header.HasAssemblyName ? ReadText(reader, fpMin + header.FpAssemblyName, header.CbAssemblyName) : null;
        stream.Position = fpMin + header.FpTail;
        Contracts.CheckDecode(reader.ReadUInt64() == TailSignatureValue, "Corrupt model file tail");
        stream.Position = fpMin + header.FpModel;
    }

    public static void EndRead(long fpMin, ref ModelHeader header, BinaryReader reader)
    {
        Contracts.CheckDecode(reader.BaseStream.Position - fpMin == header.FpModel + header.CbModel, "Corrupt model file: a part was not read to its end");
        reader.BaseStream.Position = fpMin + header.FpLim;
    }

    private readonly bool HasAssemblyName => VerWritten >= AssemblyNameVersion && FpAssemblyName != 0;

    /// <summary>The sections must follow each other without gaps and end within the stream, so that no size can be larger than it.</summary>
    private readonly void CheckLayout(long available)
    {
        Contracts.CheckDecode(Signature == SignatureValue, "Wrong file type");
        Contracts.CheckDecode(VerReadable <= VerWritten, "Corrupt file header");
        Contracts.CheckDecode(VerReadable <= CurrentVersion, "File is too new");
        Contracts.CheckDecode(VerWritten >= OldestVersion, "File is too old");
        Contracts.CheckDecode(FpLim <= available, "Corrupt model file: it is truncated");

        var end = (long)Size;
        void CheckSection(bool present, long start, long length, int unit)
        {
            Contracts.CheckDecode(
                present ? start == end && length >= 0 && length <= available - end && length % unit == 0 : start == 0 && length == 0,
                "Corrupt file header");
            end += length;
        }
        CheckSection(true, FpModel, CbModel, 1);
        CheckSection(FpStringTable != 0, FpStringTable, CbStringTable, sizeof(long));
        CheckSection(FpStringTable != 0, FpStringChars, CbStringChars, sizeof(char));
        if (VerWritten >= AssemblyNameVersion)
        {
            CheckSection(FpAssemblyName != 0, FpAssemblyName, CbAssemblyName, sizeof(char));
        }
        Contracts.CheckDecode(FpTail == end && FpLim == end + sizeof(ulong), "Corrupt file header");
    }

    private static string[] ReadStrings(BinaryReader reader, long fpMin, in ModelHeader header)
    {
        if (header.FpStringTable == 0)
        {
            return null;
        }
        reader.BaseStream.Position = fpMin + header.FpStringTable;
        var ends = new long[checked((int)(header.CbStringTable / sizeof(long)))];
        var previous = 0L;
        foreach (ref var end in ends.AsSpan())
        {
            end = reader.ReadInt64();
            Contracts.CheckDecode(end >= previous && end <= header.CbStringChars && end % sizeof(char) == 0, "Corrupt string table");
            previous = end;
        }
        Contracts.CheckDecode(ends.Length > 0 && previous == header.CbStringChars, "Corrupt string table");
        var start = fpMin + header.FpStringChars;
        return [.. ends.Select((end, i) => ReadText(reader, start + (i == 0 ? 0 : ends[i - 1]), end - (i == 0 ? 0 : ends[i - 1])))];
    }

    private static string ReadText(BinaryReader reader, long position, long length)
    {
        reader.BaseStream.Position = position;
        // Not by an encoding: those replace unpaired surrogates.
        return new string(MemoryMarshal.Cast<byte, char>(reader.ReadBytes(checked((int)length))));
    }
}
