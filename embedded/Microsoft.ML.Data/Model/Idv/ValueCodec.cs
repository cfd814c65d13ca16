using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>How values of one column type are stored in ML.NET's binary data view format (docs/code/IdvFileFormat.md there).</summary>
internal abstract class ValueCodec
{
    // A vector holds keys and a key holds numbers; nothing is nested deeper.
    private const int DeepestNesting = 2;

    private static readonly Dictionary<Type, ValueCodec> _plain = new ValueCodec[]
    {
        new BlittableCodec<sbyte>(NumberDataViewType.SByte), new BlittableCodec<byte>(NumberDataViewType.Byte),
        new BlittableCodec<short>(NumberDataViewType.Int16), new BlittableCodec<ushort>(NumberDataViewType.UInt16),
        new BlittableCodec<int>(NumberDataViewType.Int32), new BlittableCodec<uint>(NumberDataViewType.UInt32),
        new BlittableCodec<long>(NumberDataViewType.Int64), new BlittableCodec<ulong>(NumberDataViewType.UInt64),
        new BlittableCodec<float>(NumberDataViewType.Single), new BlittableCodec<double>(NumberDataViewType.Double),
        new BlittableCodec<TimeSpan>(TimeSpanDataViewType.Instance), new BlittableCodec<DataViewRowId>(RowIdDataViewType.Instance),
        new TextCodec(), new BooleanCodec(), new DateTimeCodec(), new DateTimeOffsetCodec(),
    }.ToDictionary(codec => codec.Type.RawType);

    private static readonly Dictionary<string, Func<BinaryReader, int, ValueCodec>> _readers =
        new(_plain.Values.Select(codec => KeyValuePair.Create<string, Func<BinaryReader, int, ValueCodec>>(codec.LoadName, (_, _) => codec)))
        {
            [KeyCodec.Name] = (reader, depth) => KeyCodec.Read(ReadOrNull(reader, depth - 1), reader),
            [VectorCodec.Name] = (reader, depth) => VectorCodec.Read(ReadOrNull(reader, depth - 1), reader),
        };

    protected ValueCodec(DataViewType type, string loadName)
    {
        Type = type;
        LoadName = loadName;
    }

    public DataViewType Type { get; }

    public string LoadName { get; }

    /// <summary>The codec of a type; null where there is none.</summary>
    public static ValueCodec ForOrNull(DataViewType type) => type switch
    {
        KeyDataViewType key => KeyCodec.Create(key),
        VectorDataViewType vector => ForOrNull(vector.ItemType) is { } items ? VectorCodec.Create(vector, items) : null,
        _ when type.IsStandardScalar() => _plain[type.RawType],
        _ => null,
    };

    public static ValueCodec For(DataViewType type) => ForOrNull(type) ?? throw Contracts.Except($"Values of type '{type}' cannot be saved.");

    /// <summary>Writes the description of a type.</summary>
    public static void WriteType(BinaryWriter writer, DataViewType type) => For(type).WriteDescription(writer);

    /// <summary>Reads what <see cref="WriteType"/> wrote.</summary>
    public static DataViewType ReadType(BinaryReader reader) =>
        ReadOrNull(reader)?.Type ?? throw Contracts.ExceptDecode("The file has values of an unknown type.");

    public static void WriteValues<T>(BinaryWriter writer, DataViewType type, ReadOnlySpan<T> values) => ((ValueCodec<T>)For(type)).Write(writer, values);

    public static T[] ReadValues<T>(BinaryReader reader, DataViewType type, int count) => ((ValueCodec<T>)For(type)).Read(reader, count);

    /// <summary>Reads a description; null, and positioned behind it, where the codec is unknown.</summary>
    public static ValueCodec ReadOrNull(BinaryReader reader) => ReadOrNull(reader, DeepestNesting);

    public void WriteDescription(BinaryWriter writer)
    {
        using var parameters = new MemoryStream();
        using (var parameterWriter = new BinaryWriter(parameters, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            WriteParameters(parameterWriter);
        }
        writer.Write(LoadName);
        writer.Write7BitEncodedInt64(parameters.Length);
        writer.Write(parameters.GetBuffer().AsSpan(0, (int)parameters.Length));
    }

    /// <summary>Writes an annotation as the only value of a block.</summary>
    public abstract void WriteOne(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column kind);

    /// <summary>Reads a block of one value and returns a getter that hands it out.</summary>
    public abstract Delegate ReadOne(BinaryReader reader);

    protected virtual void WriteParameters(BinaryWriter writer)
    {
    }

    /// <summary>Checks, before anything is allocated, that the stream can hold so many values.</summary>
    protected static void CheckCount(BinaryReader reader, int count, long bitsPerValue)
    {
        var bits = (reader.BaseStream.Length - reader.BaseStream.Position) * 8;
        Contracts.CheckDecode(count >= 0 && count * bitsPerValue <= bits, $"Corrupt data: {count} values do not fit into the rest of the stream");
    }

    protected static int[] ReadInts(BinaryReader reader, int count) => ((ValueCodec<int>)_plain[typeof(int)]).Read(reader, count);

    protected static void WriteInts(BinaryWriter writer, IEnumerable<int> values)
    {
        foreach (var value in values)
        {
            writer.Write(value);
        }
    }

    private static ValueCodec ReadOrNull(BinaryReader reader, int depth)
    {
        Contracts.CheckDecode(depth >= 0, "Corrupt data: a type is nested too deeply");
        var name = reader.ReadString();
        Contracts.CheckDecode(name.Length > 0, "Corrupt data: a codec has no name");
        var length = reader.Read7BitEncodedInt64();
        var stream = reader.BaseStream;
        Contracts.CheckDecode(length >= 0 && length <= stream.Length - stream.Position, "Corrupt data: a codec's parameters are too long");
        var end = stream.Position + length;
        var codec = _readers.TryGetValue(name, out var read) ? read(reader, depth) : null;
        Contracts.CheckDecode(codec is null || stream.Position == end, "Corrupt data: a codec's parameters have the wrong length");
        stream.Position = end;
        return codec;
    }
}

/// <summary>How values of the type <typeparamref name="T"/> are stored. A block of values begins wherever the stream is.</summary>
internal abstract class ValueCodec<T>(DataViewType type, string loadName) : ValueCodec(type, loadName)
{
    public abstract void Write(BinaryWriter writer, ReadOnlySpan<T> values);

    public abstract T[] Read(BinaryReader reader, int count);

    public override void WriteOne(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        T value = default;
        annotations.GetGetter<T>(kind)(ref value);
        Write(writer, new ReadOnlySpan<T>(in value));
    }

    public override Delegate ReadOne(BinaryReader reader) => MakeGetter(Read(reader, 1)[0]);

    protected virtual ValueGetter<T> MakeGetter(T value) => (ref T destination) => destination = value;
}
