using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view that a test accepts.</summary>
/// <param name="host">The host of the filter.</param>
/// <param name="source">The rows to test.</param>
/// <param name="tested">The columns that the test reads.</param>
/// <param name="makeTest">Makes the test of a cursor's current row; it is called once per row, in order.</param>
/// <param name="isOrderBound">Whether the test depends on the rows before, so that rows must neither be shuffled nor divided among cursors.</param>
internal sealed class FilteredView(
    IHost host, IDataView source, DataViewSchema.Column[] tested, Func<DataViewRow, Func<bool>> makeTest, bool isOrderBound = false) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => !isOrderBound && source.CanShuffle;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return MakeCursor(source.GetRowCursor(Needed(active), isOrderBound ? null : rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        if (isOrderBound)
            return [MakeCursor(source.GetRowCursor(Needed(active)), active)];
        return Array.ConvertAll(source.GetRowCursorSet(Needed(active), n, rand), DataViewRowCursor (input) => MakeCursor(input, active));
    }

    private Cursor MakeCursor(DataViewRowCursor input, bool[] active) => new Cursor(host, input, active, makeTest(input));

    private IEnumerable<DataViewSchema.Column> Needed(bool[] active)
        => Schema.Where(column => active[column.Index] || tested.Any(t => t.Index == column.Index));

    private sealed class Cursor(IHost host, DataViewRowCursor input, bool[] active, Func<bool> test) : LinkedRootCursorBase(host, input)
    {
        public override DataViewSchema Schema => Input.Schema;

        public override long Batch => Input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return Input.GetGetter<TValue>(column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

        protected override bool MoveNextCore()
        {
            while (Root.MoveNext())
            {
                if (test())
                    return true;
            }
            return false;
        }
    }
}
