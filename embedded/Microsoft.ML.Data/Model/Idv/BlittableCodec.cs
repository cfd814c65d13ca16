using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data.IO;

/// <summary>Values stored as they lie in memory, little-endian.</summary>
internal sealed class BlittableCodec<T>(DataViewType type) : ValueCodec<T>(type, typeof(T).Name)
    where T : unmanaged
{
    public override void Write(BinaryWriter writer, ReadOnlySpan<T> values) => writer.Write(MemoryMarshal.AsBytes(values));

    public override T[] Read(BinaryReader reader, int count)
    {
        CheckCount(reader, count, Unsafe.SizeOf<T>() * 8);
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
