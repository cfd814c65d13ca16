using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms.Tests.Whitening;

/// <summary>A view whose vectors come as sparse buffers, with a zero in every second slot.</summary>
sealed class SparseView : IDataView
{
    public SparseView(VectorData.Row[] rows)
    {
        Rows = [.. rows.Select(row => new VectorData.Row { Number = row.Number, Vector = [.. row.Vector.Select((value, slot) => (slot + (int)row.Number) % 2 == 0 ? value : 0)] })];
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Vector", new VectorDataViewType(NumberDataViewType.Single, VectorData.Size));
        Schema = builder.ToSchema();
    }

    public VectorData.Row[] Rows { get; }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => Rows.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor(SparseView view) : DataViewRowCursor
    {
        long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override bool MoveNext() => ++_position < view.Rows.Length;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
            {
                var dense = view.Rows[_position].Vector;
                int[] slots = [.. Enumerable.Range(0, dense.Length).Where(slot => dense[slot] != 0)];
                value = new(dense.Length, slots.Length, [.. slots.Select(slot => dense[slot])], slots);
            };
            return (ValueGetter<TValue>)(Delegate)getter;
        }
    }
}
