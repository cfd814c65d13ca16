using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view that reads each column of its source at most once, all rows of it, when a cursor first needs it.</summary>
internal sealed class CacheDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly ColumnStore[] _stores;
    private readonly int[] _prefetch;
    private readonly Lock _lock = new();
    private int? _rowCount;

    /// <param name="env">The environment.</param>
    /// <param name="source">The view to cache.</param>
    /// <param name="prefetch">Columns to read together with the first ones needed; may be null.</param>
    public CacheDataView(IHostEnvironment env, IDataView source, int[] prefetch)
    {
        _host = env.Register("Cache");
        _source = source;
        _prefetch = prefetch ?? [];
        _stores = new ColumnStore[source.Schema.Count];
    }

    public DataViewSchema Schema => _source.Schema;

    public bool CanShuffle => true;

    public long? GetRowCount() => _rowCount ?? _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, ActiveColumns.Of(Schema, columnsNeeded), rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Reads what is not there yet of the given columns; returns the number of rows.</summary>
    private int Fill(bool[] active)
    {
        lock (_lock)
        {
            var missing = Schema.Where(column => active[column.Index] && _stores[column.Index] is null).ToList();
            if (missing.Count == 0 && _rowCount is { } known)
                return known;
            missing.AddRange(Schema.Where(column => _prefetch.Contains(column.Index) && !active[column.Index] && _stores[column.Index] is null));

            var stores = missing.ConvertAll(column => ColumnStore.Create(column.Type));
            int count = 0;
            using (var cursor = _source.GetRowCursor(missing))
            {
                var writers = stores.Select((store, i) => store.MakeWriter(cursor, missing[i])).ToArray();
                while (cursor.MoveNext())
                {
                    foreach (var write in writers)
                        write(count);
                    count = checked(count + 1);
                }
            }
            _host.Check(_rowCount is null || _rowCount == count, "The number of rows changed between two readings of the source");
            for (int i = 0; i < stores.Count; i++)
            {
                stores[i].Trim();
                _stores[missing[i].Index] = stores[i];
            }
            _rowCount = count;
            return count;
        }
    }

    private sealed class Cursor(CacheDataView parent, bool[] active, Random rand) : RootCursorBase(parent._host)
    {
        private readonly Delegate[] _getters = new Delegate[active.Length];
        private int[] _order;
        private int _rowCount = -1;
        private int _slot = -1;

        public override DataViewSchema Schema => parent.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            Start();
            _getters[column.Index] ??= parent._stores[column.Index].MakeGetter(() => _slot >= 0 ? _slot : throw Ch.Except(Getters.NotOnRow));
            return Getters.As<TValue>(Ch, _getters[column.Index], column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new DataViewRowId((ulong)(_slot >= 0 ? _slot : throw Ch.Except(Getters.NotOnRow)), 0);

        protected override bool MoveNextCore()
        {
            Start();
            bool more = Position + 1 < _rowCount;
            _slot = !more ? -1 : _order is null ? (int)Position + 1 : _order[Position + 1];
            return more;
        }

        private void Start()
        {
            if (_rowCount >= 0)
                return;
            _rowCount = parent.Fill(active);
            if (rand is null)
                return;
            _order = [.. Enumerable.Range(0, _rowCount)];
            for (int i = _order.Length - 1; i > 0; i--)
            {
                int j = rand.Next(i + 1);
                (_order[i], _order[j]) = (_order[j], _order[i]);
            }
        }
    }
}
