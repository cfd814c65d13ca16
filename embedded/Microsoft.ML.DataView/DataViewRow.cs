using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A row: getters of its active columns.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>Counts the rows from 0; -1 before the first.</summary>
    public abstract long Position { get; }

    /// <summary>Orders the rows of a cursor set: rows of a lower batch come first, and no batch is shared between cursors.</summary>
    public abstract long Batch { get; }

    public abstract DataViewSchema Schema { get; }

    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    public abstract bool IsColumnActive(DataViewSchema.Column column);

    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
