namespace Microsoft.ML.Data.IO;

/// <summary>Truth values, eight to a byte, the first in the lowest bit.</summary>
internal sealed class BooleanCodec() : ValueCodec<bool>(BooleanDataViewType.Instance, nameof(Boolean))
{
    public override void Write(BinaryWriter writer, ReadOnlySpan<bool> values)
    {
        var bytes = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i])
            {
                bytes[i / 8] |= (byte)(1 << (i % 8));
            }
        }
        writer.Write(bytes);
    }

    public override bool[] Read(BinaryReader reader, int count)
    {
        CheckCount(reader, count, 1);
        var bytes = new byte[(count + 7) / 8];
        reader.BaseStream.ReadExactly(bytes);
        var values = new bool[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (bytes[i / 8] & (1 << (i % 8))) != 0;
        }
        return values;
    }
}
