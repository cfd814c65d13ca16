using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The distinct values of a column in the order of their keys; key 0 stands for every other value.</summary>
internal abstract class TermMap(PrimitiveDataViewType itemType, int count)
{
    // What the file says of the values that follow.
    private const byte TextValues = 0;
    private const byte CodecValues = 1;

    public PrimitiveDataViewType ItemType { get; } = itemType;

    public int Count { get; } = count;

    /// <summary>A key type cannot be empty: without values it has one key that never occurs.</summary>
    public KeyDataViewType OutputType { get; } = new(typeof(uint), Math.Max(1, count));

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, bool asText);

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source);

    public abstract void WriteText(TextWriter writer);

    public void Save(ModelSaveContext ctx)
    {
        if (this is TermMap<ReadOnlyMemory<char>> text)
        {
            ctx.Writer.Write(TextValues);
            ctx.Writer.Write(Count);
            foreach (var term in text.Values)
                ctx.SaveNonEmptyString(term.ToString());
            return;
        }
        ctx.Writer.Write(CodecValues);
        ValueCodec.WriteType(ctx.Writer, ItemType);
        ctx.Writer.Write(Count);
        if (Count > 0)
            SaveValues(ctx.Writer);
    }

    protected abstract void SaveValues(BinaryWriter writer);

    public static TermMap Load(IExceptionContext ectx, ModelLoadContext ctx)
    {
        byte kind = ctx.Reader.ReadByte();
        ectx.CheckDecode(kind is TextValues or CodecValues, "Unrecognized kind of term map");
        if (kind == CodecValues)
        {
            var type = ValueCodec.ReadType(ctx.Reader) as PrimitiveDataViewType;
            ectx.CheckDecode(type is not null, "Terms must be of a primitive type");
            int count = ctx.Reader.ReadInt32();
            ectx.CheckDecode(count >= 0, "Negative number of terms");
            return GenericCall.Invoke<TermMap>(LoadValues<int>, type.RawType, ectx, ctx, type, count);
        }

        var terms = new TermSet<ReadOnlyMemory<char>>(TextDataViewType.Instance);
        int textCount = ctx.Reader.ReadInt32();
        ectx.CheckDecode(textCount >= 0, "Negative number of terms");
        for (int i = 0; i < textCount; i++)
            ectx.CheckDecode(terms.TryAdd(ctx.LoadNonEmptyString().AsMemory()), "Duplicate terms");
        return terms.ToMap(sorted: false);
    }

    private static TermMap LoadValues<T>(IExceptionContext ectx, ModelLoadContext ctx, PrimitiveDataViewType type, int count)
    {
        var terms = new TermSet<T>(type);
        foreach (var value in count == 0 ? [] : ValueCodec.ReadValues<T>(ctx.Reader, type, count))
            ectx.CheckDecode(terms.TryAdd(value), "Duplicate terms");
        return terms.ToMap(sorted: false);
    }
}
