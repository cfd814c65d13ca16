using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;

namespace MLPipelines.Embeddings;

/// <summary>Texts in memory as data with one column.</summary>
sealed class TextsView : IDataView
{
    readonly IReadOnlyList<string> _texts;

    public TextsView(string column, IReadOnlyList<string> texts)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(column, TextDataViewType.Instance);
        (Schema, _texts) = (builder.ToSchema(), texts);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _texts.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, columnsNeeded.Any());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor(TextsView view, bool isActive) : DataViewRowCursor
    {
        const int End = -2;

        int _at = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => Math.Max(_at, -1);

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_at != End) _at = _at + 1 < view._texts.Count ? _at + 1 : End;
            return _at != End;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => isActive;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)Index(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> value) => value = view._texts[Index()].AsMemory();
            return (ValueGetter<TValue>)(Delegate)getter;
        }

        int Index() => _at >= 0 ? _at : throw Errors.WrongState("the cursor stands on no row", "Call MoveNext, and read only while it returns true");
    }
}
