using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Row objects as a data view, enumerated anew by every cursor.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IHost _host;
    private readonly IEnumerable<TRow> _data;
    private readonly MemberColumn[] _columns;

    public EnumerableDataView(IHostEnvironment env, IEnumerable<TRow> data, SchemaDefinition definition)
    {
        _host = env.Register("StreamingDataView");
        _data = data;
        _columns = RowShape.Of(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = RowShape.Schema(_columns);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => (_data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, ActiveColumns.Of(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursorBase
    {
        private readonly EnumerableDataView<TRow> _parent;
        private readonly IEnumerator<TRow> _rows;
        private readonly Delegate[] _getters;
        private TRow _current;

        public Cursor(EnumerableDataView<TRow> parent, bool[] active)
            : base(parent._host)
        {
            _parent = parent;
            _getters = new Delegate[active.Length];
            for (int i = 0; i < active.Length; i++)
                _getters[i] = active[i] ? MemberGetter.Create(parent._columns[i], () => _current ?? throw NotOnRow()) : null;
            _rows = parent._data.GetEnumerator();
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Getters.Pick<TValue>(Ch, _getters, column);

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) =>
            {
                if (!IsGood)
                    throw NotOnRow();
                id = new DataViewRowId((ulong)Position, 0);
            };

        protected override bool MoveNextCore()
        {
            bool more = _rows.MoveNext();
            _current = more ? _rows.Current : null;
            if (more && _current is null)
                throw Ch.Except("Encountered null when iterating over data, this is not supported.");
            return more;
        }

        private Exception NotOnRow() => Ch.Except(Getters.NotOnRow);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _current = null;
                _rows.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
