using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>Rows of fields as data with the columns that a model was saved with. The rows are read once, by one cursor.</summary>
/// <param name="schema">The columns.</param>
/// <param name="columns">Those of them that are read from fields, in the order of <see cref="InputRow.Values"/>. Others hold nothing.</param>
/// <param name="rows">The rows.</param>
internal sealed class FieldView(DataViewSchema schema, IReadOnlyList<FieldColumn> columns, IEnumerable<InputRow> rows) : IDataView
{
    public DataViewSchema Schema => schema;

    public bool CanShuffle => false;

    /// <summary>The columns that the last cursor was asked for.</summary>
    internal IReadOnlyList<int> Asked { get; private set; } = [];

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Asked = [.. columnsNeeded.Select(column => column.Index).Distinct()];
        return new Cursor(this, Asked);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private IEnumerator<InputRow> Open() => rows.GetEnumerator();

    private Delegate? CreateGetter(DataViewSchema.Column column, Func<InputRow> current)
    {
        for (var slot = 0; slot < columns.Count; slot++)
        {
            if (columns[slot].Index == column.Index)
            {
                var place = slot;
                return columns[slot].CreateGetter(() => current().Values[place]);
            }
        }

        return null;
    }

    private sealed class Cursor(FieldView view, IReadOnlyList<int> active) : DataViewRowCursor
    {
        private readonly IEnumerator<InputRow> _rows = view.Open();
        private long _position = -1;
        private bool _isAtEnd;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            _isAtEnd = _isAtEnd || !_rows.MoveNext();
            _position = _isAtEnd ? -1 : _position + 1;
            return !_isAtEnd;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ValueGetter<TValue>?)view.CreateGetter(column, () => _rows.Current) ?? ((ref TValue value) => value = default!);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
