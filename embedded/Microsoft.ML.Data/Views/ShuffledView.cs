using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Rows in random order: a pool of rows is kept full from the source, and each row comes from a random place of it.</summary>
internal sealed class ShuffledView(IHost host, IDataView source, int poolSize, bool shuffleSource, int? seed) : IDataView
{
    // Without a seed the order is drawn once, so that every cursor over one view gives the same rows in the same order.
    private readonly int _seed = seed ?? host.Rand.Next();

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => true;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        rand ??= RandomUtils.Create(_seed);
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        var input = source.GetRowCursor(ActiveColumns.Of(Schema, active), shuffleSource && source.CanShuffle ? RandomUtils.Create(rand) : null);
        return new Cursor(host, input, active, poolSize, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursorBase
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly int _poolSize;
        private readonly Delegate[] _getters;
        private readonly List<Action<int>> _writers = [];
        private readonly ColumnStore<DataViewRowId> _ids = new();
        private readonly List<int> _full = [];
        private int _slot = -1;
        private bool _exhausted;

        public Cursor(IHost host, DataViewRowCursor input, bool[] active, int poolSize, Random rand)
            : base(host)
        {
            _input = input;
            _poolSize = poolSize;
            _rand = rand;
            _getters = new Delegate[active.Length];
            foreach (var column in ActiveColumns.Of(input.Schema, active))
            {
                var store = ColumnStore.Create(column.Type);
                _writers.Add(store.MakeWriter(input, column));
                _getters[column.Index] = store.MakeGetter(CurrentSlot);
            }
            _writers.Add(_ids.MakeWriter(input.GetIdGetter()));
        }

        public override DataViewSchema Schema => _input.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Getters.Pick<TValue>(Ch, _getters, column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.MakeGetter(CurrentSlot);

        protected override bool MoveNextCore()
        {
            // The slot of the row handed out last is the one that is free now.
            int free = _slot;
            while (!_exhausted && _full.Count < _poolSize)
            {
                if (!_input.MoveNext())
                {
                    _exhausted = true;
                    break;
                }
                int slot = free >= 0 ? free : _full.Count;
                foreach (var write in _writers)
                    write(slot);
                _full.Add(slot);
                free = -1;
            }
            if (_full.Count == 0)
            {
                _slot = -1;
                return false;
            }
            int pick = _rand.Next(_full.Count);
            _slot = _full[pick];
            _full[pick] = _full[^1];
            _full.RemoveAt(_full.Count - 1);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        private int CurrentSlot() => _slot >= 0 ? _slot : throw Ch.Except(Getters.NotOnRow);
    }
}
