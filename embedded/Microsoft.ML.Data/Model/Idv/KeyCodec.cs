using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Creates the codecs of keys. Their parameters are the codec of the number that stores a key, and the number of values.</summary>
internal static class KeyCodec
{
    public const string Name = "Key2";

    public static ValueCodec Create(KeyDataViewType type) => Type.GetTypeCode(type.RawType) switch
    {
        TypeCode.Byte => new KeyCodec<byte>(type),
        TypeCode.UInt16 => new KeyCodec<ushort>(type),
        TypeCode.UInt32 => new KeyCodec<uint>(type),
        _ => new KeyCodec<ulong>(type),
    };

    public static ValueCodec Read(ValueCodec items, BinaryReader reader)
    {
        if (items is null)
        {
            return null;
        }
        Contracts.CheckDecode(items.Type is NumberDataViewType && KeyDataViewType.IsValidDataType(items.Type.RawType), "Corrupt data: a key is no unsigned number");
        var count = reader.ReadUInt64();
        try
        {
            return Create(new(items.Type.RawType, count));
        }
        catch (ArgumentOutOfRangeException ex)
        {
            throw Contracts.ExceptDecode(null, ex, $"Corrupt data: a key of type {items.Type} cannot have {count} values");
        }
    }
}

/// <summary>Keys, stored as the numbers that they are.</summary>
internal sealed class KeyCodec<T>(KeyDataViewType type) : ValueCodec<T>(type, KeyCodec.Name)
{
    private readonly ValueCodec<T> _items = (ValueCodec<T>)For(ColumnTypeExtensions.PrimitiveTypeFromType(typeof(T)));

    public override void Write(BinaryWriter writer, ReadOnlySpan<T> values) => _items.Write(writer, values);

    public override T[] Read(BinaryReader reader, int count) => _items.Read(reader, count);

    protected override void WriteParameters(BinaryWriter writer)
    {
        _items.WriteDescription(writer);
        writer.Write(type.Count);
    }
}
