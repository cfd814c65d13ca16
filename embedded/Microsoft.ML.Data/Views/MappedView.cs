using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view with the columns of a <see cref="RowMapper"/> added; each is computed when its getter is called, on the caller's thread.</summary>
internal sealed class MappedView : IDataView, IRowToRowMapper
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly RowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public MappedView(IHost host, IDataView source, RowMapper mapper)
    {
        _host = host;
        _source = source;
        _mapper = mapper;
        _bindings = new ColumnBindings(source.Schema, mapper.OutputColumns);
    }

    public DataViewSchema Schema => _bindings.Schema;

    public DataViewSchema InputSchema => _source.Schema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return new Cursor(_host, _source.GetRowCursor(InputsOf(active), rand), this, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return Array.ConvertAll(_source.GetRowCursorSet(InputsOf(active), n, rand), DataViewRowCursor (input) => new Cursor(_host, input, this, active));
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => InputsOf(ActiveColumns.Of(Schema, dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _host.CheckValue(input, nameof(input));
        _host.CheckValue(activeColumns, nameof(activeColumns));
        _host.Check(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(input, this, ActiveColumns.Of(Schema, activeColumns));
    }

    private IEnumerable<DataViewSchema.Column> InputsOf(bool[] active)
    {
        var needed = new bool[InputSchema.Count];
        for (int i = 0; i < active.Length; i++)
        {
            if (!active[i])
                continue;
            if (_bindings.IsInput(i, out int index))
                needed[index] = true;
            else
            {
                foreach (int source in _mapper.Dependencies(index))
                    needed[source] = true;
            }
        }
        return ActiveColumns.Of(InputSchema, needed);
    }

    private Delegate[] MakeGetters(DataViewRow input, bool[] active)
    {
        var getters = new Delegate[_mapper.OutputColumns.Length];
        for (int i = 0; i < active.Length; i++)
        {
            if (active[i] && !_bindings.IsInput(i, out int index))
                getters[index] = _mapper.MakeGetter(input, index);
        }
        return getters;
    }

    private ValueGetter<TValue> GetGetter<TValue>(DataViewRow input, Delegate[] getters, DataViewSchema.Column column)
    {
        if (_bindings.IsInput(column.Index, out int index))
            return input.GetGetter<TValue>(input.Schema[index]);
        _host.CheckParam(getters[index] is not null, nameof(column), "requested column not active");
        return Getters.As<TValue>(_host, getters[index], column);
    }

    private sealed class Cursor(IChannelProvider provider, DataViewRowCursor input, MappedView parent, bool[] active)
        : SynchronizedCursorBase(provider, input)
    {
        private readonly Delegate[] _getters = parent.MakeGetters(input, active);

        public override DataViewSchema Schema => parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return parent.GetGetter<TValue>(Input, _getters, column);
        }
    }

    private sealed class Row(DataViewRow input, MappedView parent, bool[] active) : WrappingRow(input)
    {
        private readonly Delegate[] _getters = parent.MakeGetters(input, active);

        public override DataViewSchema Schema => parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
            => parent._bindings.IsInput(column.Index, out int index) ? Input.IsColumnActive(Input.Schema[index]) : _getters[index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => parent.GetGetter<TValue>(Input, _getters, column);
    }
}
