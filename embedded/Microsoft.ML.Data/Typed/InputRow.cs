using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One row object at a time as a data view row: the input of a prediction engine.</summary>
internal sealed class InputRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly IHost _host;
    private readonly Delegate[] _getters;
    private TRow _current;
    private long _position = -1;

    public InputRow(IHostEnvironment env, SchemaDefinition definition)
    {
        _host = env.Register("Row");
        var columns = RowShape.Of(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        Schema = RowShape.Schema(columns);
        _getters = Array.ConvertAll(columns, column => MemberGetter.Create(column, () => _current ?? throw _host.Except(Getters.NotOnRow)));
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public void Set(TRow row)
    {
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Getters.Pick<TValue>(_host, _getters, column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Position, 0);
}
