using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A run of fields; a variable one goes on to the end of each line.</summary>
internal readonly record struct TextSegment(int Min, int Limit, bool ForceVector)
{
    public const int NoLimit = int.MaxValue;

    public bool IsVariable => Limit == NoLimit;

    public int Length(int fieldCount) => IsVariable ? Math.Max(0, fieldCount - Min) : Limit - Min;
}

/// <summary>A column read from text: its name, its type and the fields that make it.</summary>
internal sealed class TextColumn
{
    public TextColumn(IExceptionContext ectx, string name, PrimitiveDataViewType itemType, TextSegment[] segments)
    {
        Name = name;
        ItemType = itemType;
        Segments = segments;
        var ordered = segments.OrderBy(segment => segment.Min).ToArray();
        for (int i = 1; i < ordered.Length; i++)
        {
            if (ordered[i - 1].Limit > ordered[i].Min)
                throw ectx.ExceptUserArg(nameof(TextLoader.Column.Source), $"Intervals specified for column '{name}' overlap");
        }
        int size = segments.Where(segment => !segment.IsVariable).Sum(segment => segment.Limit - segment.Min);
        Type = segments.Any(segment => segment.IsVariable) ? new VectorDataViewType(itemType)
            : size > 1 || segments[0].ForceVector ? new VectorDataViewType(itemType, size) : itemType;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    public PrimitiveDataViewType ItemType { get; }

    public TextSegment[] Segments { get; }

    // Format: name, byte kind, byte is key, uint64 key count if so, int32 number of segments, per segment int32 min, int32 limit, byte force vector.
    public void Save(ModelSaveContext ctx)
    {
        ctx.SaveNonEmptyString(Name);
        ctx.Writer.Write((byte)ItemType.GetRawKind());
        ctx.Writer.Write((byte)(ItemType is KeyDataViewType ? 1 : 0));
        if (ItemType is KeyDataViewType keyType)
            ctx.Writer.Write(keyType.Count);
        ctx.Writer.Write(Segments.Length);
        foreach (var segment in Segments)
        {
            ctx.Writer.Write(segment.Min);
            ctx.Writer.Write(segment.Limit);
            ctx.Writer.Write((byte)(segment.ForceVector ? 1 : 0));
        }
    }

    public static TextColumn Load(IExceptionContext ectx, ModelLoadContext ctx)
    {
        var name = ctx.LoadNonEmptyString();
        var kind = (InternalDataKind)ctx.Reader.ReadByte();
        bool isKey = ctx.Reader.ReadByte() != 0;
        ulong keyCount = isKey ? ctx.Reader.ReadUInt64() : 0;
        ectx.CheckDecode(kind.ToType() is not null && (!isKey || (keyCount > 0 && KeyDataViewType.IsValidDataType(kind.ToType()))), "Corrupt column type");
        int count = ctx.Reader.ReadInt32();
        ectx.CheckDecode(count > 0, "Column without fields");
        var segments = new List<TextSegment>();
        for (int i = 0; i < count; i++)
        {
            var segment = new TextSegment(ctx.Reader.ReadInt32(), ctx.Reader.ReadInt32(), ctx.Reader.ReadByte() != 0);
            ectx.CheckDecode(segment.Min >= 0 && segment.Min < segment.Limit, "Corrupt range of fields");
            segments.Add(segment);
        }
        return new(ectx, name, isKey ? new KeyDataViewType(kind.ToType(), keyCount) : ColumnTypeExtensions.PrimitiveTypeFromKind(kind), [.. segments]);
    }
}
