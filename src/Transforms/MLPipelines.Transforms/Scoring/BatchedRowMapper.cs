using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Scoring;

/// <summary>Scores single rows, for prediction engines: a batch of one.</summary>
sealed class BatchedRowMapper<TRow>(BatchedTransformer<TRow> transformer, DataViewSchema inputSchema) : IRowToRowMapper
    where TRow : class
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = transformer.GetOutputSchema(inputSchema);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => new ActiveColumns(dependingColumns, inputSchema, OutputSchema, transformer.Scorer.Contract).Source;

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return ReferenceEquals(input.Schema, inputSchema)
            ? new ScoredRow(transformer, input, new(activeColumns, inputSchema, OutputSchema, transformer.Scorer.Contract))
            : throw Failures.OtherSchema();
    }

    sealed class ScoredRow : DataViewRow
    {
        readonly BatchedTransformer<TRow> _transformer;
        readonly DataViewRow _input;
        readonly ActiveColumns _columns;
        readonly Func<TRow>? _read;
        TRow? _row;
        long _scored = -1;

        public ScoredRow(BatchedTransformer<TRow> transformer, DataViewRow input, ActiveColumns columns)
        {
            (_transformer, _input, _columns) = (transformer, input, columns);
            _read = columns.AnyProduced ? transformer.Scorer.CreateReader(input) : null;
        }

        public override DataViewSchema Schema => _columns.Schema;

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _columns.Check(column);
            return _columns.IsProduced(column)
                ? (ValueGetter<TValue>)_transformer.Scorer.CreateGetter(column.Name, Current)
                : _input.GetGetter<TValue>(_input.Schema[column.Index]);
        }

        // ML.NET's rule: the row made from another one owns it.
        protected override void Dispose(bool disposing)
        {
            if (disposing) _input.Dispose();
            base.Dispose(disposing);
        }

        /// <summary>The scored row; all getters of one position share one forward pass.</summary>
        TRow Current()
        {
            if (_row is not null && _scored == _input.Position) return _row;
            var row = _read!();
            _transformer.Score([row]);
            (_row, _scored) = (row, _input.Position);
            return row;
        }
    }
}
