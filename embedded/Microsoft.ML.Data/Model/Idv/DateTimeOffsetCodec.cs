using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Points in time with an offset: all offsets in minutes, then all local times in ticks.</summary>
internal sealed class DateTimeOffsetCodec() : ValueCodec<DateTimeOffset>(DateTimeOffsetDataViewType.Instance, nameof(DateTimeOffset))
{
    private const int MostMinutes = 14 * 60;

    public override void Write(BinaryWriter writer, ReadOnlySpan<DateTimeOffset> values)
    {
        foreach (var value in values)
        {
            writer.Write((short)value.Offset.TotalMinutes);
        }
        foreach (var value in values)
        {
            writer.Write(value.DateTime.Ticks);
        }
    }

    public override DateTimeOffset[] Read(BinaryReader reader, int count)
    {
        CheckCount(reader, count, (sizeof(short) + sizeof(long)) * 8);
        var minutes = new short[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(minutes.AsSpan()));
        var values = new DateTimeOffset[count];
        for (var i = 0; i < count; i++)
        {
            var local = DateTimeCodec.FromTicks(reader.ReadInt64());
            // Older writers stored a missing value so.
            var offset = TimeSpan.FromMinutes(minutes[i] == short.MinValue ? 0 : minutes[i]);
            var utc = local.Ticks - offset.Ticks;
            Contracts.CheckDecode(
                Math.Abs(offset.TotalMinutes) <= MostMinutes && utc >= 0 && utc <= DateTime.MaxValue.Ticks, "Corrupt data: a time has an impossible offset");
            values[i] = new(local, offset);
        }
        return values;
    }
}
