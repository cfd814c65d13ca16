using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Testing;

/// <summary>A cursor that passes everything on, for views that change one thing.</summary>
abstract class DelegatingCursor(DataViewRowCursor inner) : DataViewRowCursor
{
    protected DataViewRowCursor Inner => inner;

    public override long Position => inner.Position;

    public override long Batch => inner.Batch;

    public override DataViewSchema Schema => inner.Schema;

    public override bool MoveNext() => inner.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
