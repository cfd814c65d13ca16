using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Arrays of numbers in model files.</summary>
internal static class ModelArrays
{
    private const int FirstPart = 1 << 14;

    /// <summary>Reads so many values. A count that the file does not hold ends at its end, before memory for it is taken.</summary>
    public static T[] ReadArray<T>(this BinaryReader reader, int count)
        where T : unmanaged
    {
        Contracts.CheckDecode(count >= 0, "Corrupt model file: a negative number of values");
        var values = new T[Math.Min(count, FirstPart)];
        for (int read = 0; read < count; read = values.Length)
        {
            if (read > 0)
                Array.Resize(ref values, (int)Math.Min(count, 2L * read));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(read)));
        }
        return values;
    }

    /// <summary>Reads a count and so many values.</summary>
    public static T[] ReadCountedArray<T>(this BinaryReader reader)
        where T : unmanaged
        => reader.ReadArray<T>(reader.ReadInt32());

    public static void WriteArray<T>(this BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
        => writer.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Writes the count and the values; nothing is written as the count 0.</summary>
    public static void WriteCountedArray<T>(this BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.WriteArray(values);
    }
}
