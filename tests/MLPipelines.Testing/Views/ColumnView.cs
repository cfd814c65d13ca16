using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Testing;

/// <summary>The same rows with one column taken away, or declared to be of another type.</summary>
public sealed class ColumnView : IDataView
{
    readonly IDataView _inner;
    readonly int[] _map;

    ColumnView(IDataView inner, string name, DataViewType? type)
    {
        _inner = inner;
        var kept = inner.Schema.Where(column => !column.IsHidden && (type is not null || column.Name != name)).ToList();
        var builder = new DataViewSchema.Builder();
        foreach (var column in kept)
        {
            var changed = column.Name == name;
            builder.AddColumn(column.Name, changed ? type : column.Type, changed ? null : column.Annotations);
        }

        Schema = builder.ToSchema();
        _map = [.. kept.Select(column => column.Index)];
    }

    /// <summary>A view without a column.</summary>
    /// <param name="inner">The source.</param>
    /// <param name="name">The column's name.</param>
    public static ColumnView Without(IDataView inner, string name) => new(inner, name, type: null);

    /// <summary>A view in which a column claims another type. Its values cannot be read.</summary>
    /// <param name="inner">The source.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="type">The type to claim.</param>
    public static ColumnView Retyped(IDataView inner, string name, DataViewType type) => new(inner, name, type);

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public long? GetRowCount() => null;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.Select(column => _map[column.Index]).ToHashSet();
        return new Cursor(this, _inner.GetRowCursor(_inner.Schema.Where(column => needed.Contains(column.Index))));
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    sealed class Cursor(ColumnView view, DataViewRowCursor inner) : DelegatingCursor(inner)
    {
        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => base.IsColumnActive(Original(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => base.GetGetter<TValue>(Original(column));

        DataViewSchema.Column Original(DataViewSchema.Column column) => Inner.Schema[view._map[column.Index]];
    }
}
