using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Makes pickles and files of PyTorch by hand, honest ones and others.</summary>
static class PickleAssembler
{
    public static byte[] File(byte[] pickle, params (string Name, byte[] Content)[] storages) => Zip([("x/data.pkl", pickle), .. storages.Select(storage => ("x/data/" + storage.Name, storage.Content))]);

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A program of parts: text is written as it is, bytes and numbers from 0 to 255 as bytes.</summary>
    public static byte[] Program(params object[] parts) => [0x80, 2, .. parts.SelectMany(Bytes), (byte)'.'];

    /// <summary>A dictionary of tensors.</summary>
    public static byte[] Tensors(params byte[][] tensors) => Program("}(", tensors.SelectMany(tensor => tensor).ToArray(), "u");

    public static byte[] Tensor(string name, long count, long offset, long[] sizes, long[] strides, string type = "FloatStorage", string key = "0")
        => [.. Text(name), .. "ctorch._utils\n_rebuild_tensor_v2\n("u8, .. Storage(type, key, count), .. Number(offset), .. Tuple(sizes), .. Tuple(strides), 0x89, .. "}tR"u8];

    public static byte[] Storage(string type, string key, long count)
        => [(byte)'(', .. Text("storage"), .. Encoding.ASCII.GetBytes($"ctorch\n{type}\n"), .. Text(key), .. Text("cpu"), .. Number(count), .. "tQ"u8];

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [(byte)'X', .. length, .. bytes];
    }

    public static byte[] Number(long number) => [0x8A, 8, .. BitConverter.GetBytes(number)];

    public static byte[] Tuple(params long[] numbers) => [(byte)'(', .. numbers.SelectMany(Number), (byte)'t'];

    static byte[] Bytes(object part) => part switch { string text => Encoding.ASCII.GetBytes(text), byte[] bytes => bytes, int number => [(byte)number], _ => throw new ArgumentException("text, bytes or a number") };
}
