using Microsoft.ML;

namespace MLPipelines.Scoring;

/// <summary>The lazy result of a batched transformer.</summary>
sealed class BatchedDataView<TRow> : IDataView
    where TRow : class
{
    readonly BatchedTransformer<TRow> _transformer;
    readonly IDataView _source;

    public BatchedDataView(BatchedTransformer<TRow> transformer, IDataView source)
    {
        (_transformer, _source) = (transformer, source);
        Schema = transformer.GetOutputSchema(source.Schema);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = new ActiveColumns(columnsNeeded, _source.Schema, Schema, _transformer.Scorer.Contract);
        var cursor = _source.GetRowCursor(columns.Source, rand);
        try
        {
            return columns.AnyProduced ? new BatchedCursor<TRow>(_transformer, cursor, columns) : new ForwardingCursor(cursor, columns);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    // Rows of one cursor share batches, so a set of several cursors would only make the batches smaller.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
