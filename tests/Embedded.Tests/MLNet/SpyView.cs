using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

/// <summary>A view that counts what is done to it.</summary>
internal sealed class SpyView(IDataView inner) : IDataView
{
    public List<string> Asked { get; } = [];

    public int Opened { get; private set; }

    public int Disposed { get; private set; }

    public int RowsRead { get; private set; }

    public DataViewSchema Schema => inner.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        Opened++;
        Asked.AddRange(columns.Select(column => column.Name));
        return new Cursor(this, inner.GetRowCursor(columns));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(SpyView parent, DataViewRowCursor input) : DataViewRowCursor
    {
        private bool _disposed;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            bool more = input.MoveNext();
            parent.RowsRead += more ? 1 : 0;
            return more;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (!_disposed && disposing)
            {
                _disposed = true;
                parent.Disposed++;
                input.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
