using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Core.Tests.Contract;

sealed class MeanCenterMapper(MeanCenterTransformer transformer, DataViewSchema input, DataViewSchema output) : IRowToRowMapper
{
    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema => output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var names = dependingColumns.Select(column => column.Index < input.Count ? column.Name : transformer.InputColumn).ToHashSet();
        return input.Where(column => names.Contains(column.Name));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        => new Row(transformer, input, output, activeColumns.Select(column => column.Index).ToHashSet());

    sealed class Row(MeanCenterTransformer transformer, DataViewRow source, DataViewSchema schema, HashSet<int> active) : DataViewRow
    {
        public override DataViewSchema Schema => schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index < source.Schema.Count) return source.GetGetter<TValue>(source.Schema[column.Index]);
            var score = transformer.Score(source.GetGetter<float>(source.Schema[transformer.InputColumn]));
            ValueGetter<float> getter = (ref float value) =>
            {
                score(ref value);
                if (transformer.Fault == Fault.RowMapperDiffers) value += 1;
            };
            return (ValueGetter<TValue>)(Delegate)getter;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Dispose();
            base.Dispose(disposing);
        }
    }
}
