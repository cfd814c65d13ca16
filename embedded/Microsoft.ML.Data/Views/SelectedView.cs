using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Some columns of a view, in a given order.</summary>
internal sealed class SelectedView : IDataView, IRowToRowMapper
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly int[] _map;

    public SelectedView(IHost host, IDataView source, int[] map)
    {
        _host = host;
        _source = source;
        _map = map;
        Schema = MakeSchema(source.Schema, map);
    }

    public static DataViewSchema MakeSchema(DataViewSchema input, int[] map)
    {
        var builder = new DataViewSchema.Builder();
        foreach (int index in map)
            builder.AddColumn(input[index].Name, input[index].Type, input[index].Annotations);
        return builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public DataViewSchema InputSchema => _source.Schema;

    public DataViewSchema OutputSchema => Schema;

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

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(input, this);

    private IEnumerable<DataViewSchema.Column> InputsOf(bool[] active)
    {
        var needed = new bool[InputSchema.Count];
        for (int i = 0; i < active.Length; i++)
            needed[_map[i]] |= active[i];
        return ActiveColumns.Of(InputSchema, needed);
    }

    private sealed class Cursor(IChannelProvider provider, DataViewRowCursor input, SelectedView parent, bool[] active)
        : SynchronizedCursorBase(provider, input)
    {
        public override DataViewSchema Schema => parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => Input.GetGetter<TValue>(Input.Schema[parent._map[column.Index]]);
    }

    private sealed class Row(DataViewRow input, SelectedView parent) : WrappingRow(input)
    {
        public override DataViewSchema Schema => parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(Input.Schema[parent._map[column.Index]]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => Input.GetGetter<TValue>(Input.Schema[parent._map[column.Index]]);
    }
}
