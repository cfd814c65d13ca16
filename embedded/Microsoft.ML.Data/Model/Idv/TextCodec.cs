using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Texts: their number, the end of each in characters, and all characters as one UTF-8 string.</summary>
internal sealed class TextCodec() : ValueCodec<ReadOnlyMemory<char>>(TextDataViewType.Instance, "TextSpan")
{
    // Older writers marked missing texts with the sign bit; they are read as empty.
    private const int PositionBits = int.MaxValue;

    public override void Write(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> values)
    {
        var characters = new StringBuilder();
        writer.Write(values.Length);
        foreach (var value in values)
        {
            characters.Append(value);
            writer.Write(characters.Length);
        }
        writer.Write(characters.ToString());
    }

    public override ReadOnlyMemory<char>[] Read(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(reader.ReadInt32() == count, "Corrupt data: a block of texts has the wrong number of them");
        var ends = ReadInts(reader, count);
        var characters = reader.ReadString().AsMemory();
        var values = new ReadOnlyMemory<char>[count];
        var start = 0;
        for (var i = 0; i < count; i++)
        {
            var end = ends[i] & PositionBits;
            Contracts.CheckDecode(end >= start && end <= characters.Length, "Corrupt data: a text ends in the wrong place");
            values[i] = ends[i] < 0 ? default : characters[start..end];
            start = end;
        }
        Contracts.CheckDecode(start == characters.Length, "Corrupt data: there is text that belongs to no value");
        return values;
    }
}
