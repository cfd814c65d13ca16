using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using MLPipelines.Persistence;

namespace MLPipelines.Core.Tests.Persistence;

/// <summary>Makes safetensors files, good and bad.</summary>
static class TensorFiles
{
    public static byte[] Write(Dictionary<string, TensorData> tensors, Dictionary<string, string>? metadata = null) => Write(tensors.AsEnumerable(), metadata);

    public static byte[] Write(IEnumerable<KeyValuePair<string, TensorData>> tensors, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    /// <summary>A header, its true length before it and some zeros after it.</summary>
    public static byte[] WithHeader(string header, int data = 0) => [.. Raw((ulong)Encoding.UTF8.GetByteCount(header), header), .. new byte[data]];

    /// <summary>A header and a length that may be a lie.</summary>
    public static byte[] Raw(ulong length, string header)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        return [.. prefix, .. Encoding.UTF8.GetBytes(header)];
    }

    public static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
