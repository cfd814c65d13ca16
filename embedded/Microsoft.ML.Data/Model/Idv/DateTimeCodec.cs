using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Points in time as ticks.</summary>
internal sealed class DateTimeCodec() : ValueCodec<DateTime>(DateTimeDataViewType.Instance, nameof(DateTime))
{
    public override void Write(BinaryWriter writer, ReadOnlySpan<DateTime> values)
    {
        foreach (var value in values)
        {
            writer.Write(value.Ticks);
        }
    }

    public override DateTime[] Read(BinaryReader reader, int count)
    {
        CheckCount(reader, count, sizeof(long) * 8);
        var values = new DateTime[count];
        foreach (ref var value in values.AsSpan())
        {
            value = FromTicks(reader.ReadInt64());
        }
        return values;
    }

    public static DateTime FromTicks(long ticks)
    {
        // Older writers stored a missing value so.
        ticks = ticks == long.MinValue ? 0 : ticks;
        Contracts.CheckDecode(ticks >= 0 && ticks <= DateTime.MaxValue.Ticks, $"Corrupt data: {ticks} ticks are no point in time");
        return new(ticks);
    }
}
