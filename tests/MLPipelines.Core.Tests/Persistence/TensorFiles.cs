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

    /// <summary>The elements of a tensor as numbers.</summary>
    public static List<double> Values(ITensorSource tensor)
    {
        var bytes = new List<byte>();
        tensor.Read((piece, _) => bytes.AddRange(piece));
        var data = bytes.ToArray();
        return tensor.DType switch
        {
            "BOOL" or "U8" => [.. data],
            "I8" => [.. MemoryMarshal.Cast<byte, sbyte>(data).ToArray()],
            "I16" => [.. MemoryMarshal.Cast<byte, short>(data).ToArray()],
            "I32" => [.. MemoryMarshal.Cast<byte, int>(data).ToArray()],
            "I64" => [.. MemoryMarshal.Cast<byte, long>(data).ToArray()],
            "F16" => [.. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(value => (double)value)],
            "BF16" => [.. MemoryMarshal.Cast<byte, ushort>(data).ToArray().Select(value => (double)BitConverter.Int32BitsToSingle(value << 16))],
            "F32" => [.. MemoryMarshal.Cast<byte, float>(data).ToArray()],
            _ => [.. MemoryMarshal.Cast<byte, double>(data).ToArray()],
        };
    }
}
