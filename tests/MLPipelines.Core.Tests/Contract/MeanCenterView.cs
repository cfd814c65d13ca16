using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Core.Tests.Contract;

sealed class MeanCenterView(MeanCenterTransformer transformer, IDataView source, DataViewSchema schema) : IDataView
{
    public DataViewSchema Schema => schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = columnsNeeded.ToList();
        return transformer.Fault == Fault.CursorSetRepeatsRows ? [GetRowCursor(needed), GetRowCursor(needed)] : [GetRowCursor(needed)];
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        var scores = active.Any(index => index >= source.Schema.Count);
        var needed = source.Schema.Where(column => transformer.Fault == Fault.ReadsEverything || active.Contains(column.Index) || (scores && column.Name == transformer.InputColumn));
        return new Cursor(transformer, source.Schema, schema, active, source.GetRowCursor(needed));
    }

    sealed class Cursor(MeanCenterTransformer transformer, DataViewSchema sourceSchema, DataViewSchema schema, HashSet<int> active, DataViewRowCursor source) : DataViewRowCursor
    {
        int _rows;

        public override DataViewSchema Schema => schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext()
        {
            var more = source.MoveNext();
            if (more) _rows++;
            if (!more && _rows == 0 && transformer.Fault == Fault.ThrowsOnEmpty) throw new InvalidOperationException("Sequence contains no elements");
            if (_rows == 1 && transformer.Fault == Fault.ReadsAhead) source.MoveNext();
            return more;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => column.Index < sourceSchema.Count
                ? source.GetGetter<TValue>(sourceSchema[column.Index])
                : (ValueGetter<TValue>)(Delegate)transformer.Score(source.GetGetter<float>(sourceSchema[transformer.InputColumn]));

        protected override void Dispose(bool disposing)
        {
            if (disposing && transformer.Fault != Fault.LeaksCursor) source.Dispose();
            base.Dispose(disposing);
        }
    }
}
