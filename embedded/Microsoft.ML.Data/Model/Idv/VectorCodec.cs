using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Creates the codecs of vectors. Their parameters are the codec of an item, and the dimensions.</summary>
internal static class VectorCodec
{
    public const string Name = "VBuffer";

    public static ValueCodec Create(VectorDataViewType type, ValueCodec items) =>
        (ValueCodec)Activator.CreateInstance(typeof(VectorCodec<>).MakeGenericType(type.ItemType.RawType), type, items);

    public static ValueCodec Read(ValueCodec items, BinaryReader reader)
    {
        if (items is null)
        {
            return null;
        }
        Contracts.CheckDecode(items.Type is PrimitiveDataViewType, "Corrupt data: a vector of vectors");
        var itemType = (PrimitiveDataViewType)items.Type;
        var rank = reader.ReadInt32();
        Contracts.CheckDecode(rank >= 0 && rank * (long)sizeof(int) <= reader.BaseStream.Length - reader.BaseStream.Position, "Corrupt data: a vector has too many dimensions");
        var dimensions = new int[rank];
        foreach (ref var dimension in dimensions.AsSpan())
        {
            dimension = reader.ReadInt32();
        }
        try
        {
            return Create(rank == 0 ? new(itemType) : new(itemType, dimensions), items);
        }
        catch (Exception ex) when (ex is OverflowException or ArgumentOutOfRangeException)
        {
            throw Contracts.ExceptDecode(null, ex, "Corrupt data: a vector has impossible dimensions");
        }
    }
}

/// <summary>
/// Vectors: their number, their common length (0 where they differ, or are empty; then each length follows), the number of stored
/// values of each (-1 where it is dense), all indices of the sparse ones, and all stored values.
/// </summary>
internal sealed class VectorCodec<T>(VectorDataViewType type, ValueCodec items) : ValueCodec<VBuffer<T>>(type, VectorCodec.Name)
{
    private const int Dense = -1;

    private readonly ValueCodec<T> _items = (ValueCodec<T>)items;

    public override void Write(BinaryWriter writer, ReadOnlySpan<VBuffer<T>> values)
    {
        var lengths = new int[values.Length];
        var counts = new int[values.Length];
        var indices = new List<int>();
        var stored = new List<T>();
        for (var i = 0; i < values.Length; i++)
        {
            Contracts.Check(type.Size == 0 || values[i].Length == type.Size, $"Length mismatch: expected {type.Size} slots but got {values[i].Length}");
            lengths[i] = values[i].Length;
            counts[i] = values[i].IsDense ? Dense : values[i].GetValues().Length;
            indices.AddRange(values[i].GetIndices());
            stored.AddRange(values[i].GetValues());
        }
        var common = type.Size > 0 ? type.Size : lengths.Distinct().Count() == 1 ? lengths[0] : 0;
        writer.Write(values.Length);
        writer.Write(common);
        WriteInts(writer, common == 0 ? lengths : []);
        WriteInts(writer, counts);
        writer.Write(indices.Count);
        WriteInts(writer, indices);
        _items.Write(writer, stored.ToArray());
    }

    public override VBuffer<T>[] Read(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(reader.ReadInt32() == count, "Corrupt data: a block of vectors has the wrong number of them");
        var common = reader.ReadInt32();
        Contracts.CheckDecode(type.IsKnownSize ? common == type.Size : common >= 0, "Corrupt data: vectors have the wrong length");
        var lengths = common == 0 ? ReadInts(reader, count) : null;
        var counts = ReadInts(reader, count);
        var indices = ReadInts(reader, reader.ReadInt32());
        var stored = _items.Read(reader, CountStored(counts, lengths, common, indices.Length));

        var values = new VBuffer<T>[count];
        var (firstIndex, firstValue) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var length = lengths?[i] ?? common;
            if (counts[i] == Dense)
            {
                values[i] = new(length, stored.AsSpan(firstValue, length).ToArray());
                firstValue += length;
            }
            else
            {
                var places = indices.AsSpan(firstIndex, counts[i]).ToArray();
                CheckPlaces(places, length);
                values[i] = new(length, counts[i], stored.AsSpan(firstValue, counts[i]).ToArray(), places);
                firstIndex += counts[i];
                firstValue += counts[i];
            }
        }
        return values;
    }

    protected override void WriteParameters(BinaryWriter writer)
    {
        _items.WriteDescription(writer);
        writer.Write(type.Dimensions.Length);
        WriteInts(writer, type.Dimensions);
    }

    // A reader may change what it was given, so each gets its own copy.
    protected override ValueGetter<VBuffer<T>> MakeGetter(VBuffer<T> value) => value.CopyTo;

    private static int CountStored(int[] counts, int[] lengths, int common, int indexCount)
    {
        var (stored, sparse) = (0L, 0L);
        for (var i = 0; i < counts.Length; i++)
        {
            var length = lengths?[i] ?? common;
            var isDense = counts[i] == Dense;
            Contracts.CheckDecode(length >= 0 && (isDense || (counts[i] >= 0 && counts[i] < length)), "Corrupt data: a vector has the wrong number of values");
            stored += isDense ? length : counts[i];
            sparse += isDense ? 0 : counts[i];
        }
        Contracts.CheckDecode(sparse == indexCount && stored <= int.MaxValue, "Corrupt data: vectors have the wrong number of values");
        return (int)stored;
    }

    private static void CheckPlaces(int[] places, int length)
    {
        var previous = -1;
        foreach (var place in places)
        {
            Contracts.CheckDecode(place > previous && place < length, "Corrupt data: the places of a sparse vector are not in order");
            previous = place;
        }
    }
}
