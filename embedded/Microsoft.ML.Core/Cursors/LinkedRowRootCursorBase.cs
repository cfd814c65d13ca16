using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A <see cref="LinkedRootCursorBase"/> with the input's columns, of which some are active (all, where null is given).</summary>
internal abstract class LinkedRowRootCursorBase : LinkedRootCursorBase
{
    private readonly bool[] _active;

    protected LinkedRowRootCursorBase(IChannelProvider provider, DataViewRowCursor input, DataViewSchema schema, bool[] active)
        : base(provider, input)
    {
        Ch.CheckValue(schema, nameof(schema));
        Ch.CheckParam(active is null || active.Length == schema.Count, nameof(active), "There must be one flag for each column.");
        _active = active;
        Schema = schema;
    }

    public sealed override DataViewSchema Schema { get; }

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
    {
        Ch.CheckParam(column.Index < Schema.Count, nameof(column), "The column is not one of this cursor.");
        return _active is null || _active[column.Index];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);
}
