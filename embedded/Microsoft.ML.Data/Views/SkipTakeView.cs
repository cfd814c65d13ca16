using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A run of rows of a view.</summary>
internal sealed class SkipTakeView(IHost host, IDataView source, long skip, long take) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - skip), take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return new Cursor(host, source.GetRowCursor(ActiveColumns.Of(Schema, active)), active, skip, take);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(IHost host, DataViewRowCursor input, bool[] active, long skip, long take) : LinkedRootCursorBase(host, input)
    {
        private long _skip = skip;
        private long _take = take;

        public override DataViewSchema Schema => Input.Schema;

        // The count starts anew here, so batches of the source would not be in order with it.
        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return Input.GetGetter<TValue>(column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

        protected override bool MoveNextCore()
        {
            if (_take-- <= 0)
                return false;
            for (; _skip > 0; _skip--)
            {
                if (!Root.MoveNext())
                    return false;
            }
            return Root.MoveNext();
        }
    }
}
