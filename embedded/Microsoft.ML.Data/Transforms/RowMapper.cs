using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Columns computed from the columns of the same row, bound to one input schema.</summary>
internal abstract class RowMapper(IHost host, DataViewSchema inputSchema)
{
    private DataViewSchema.DetachedColumn[] _outputColumns;

    protected IHost Host { get; } = host;

    public DataViewSchema InputSchema { get; } = inputSchema;

    public DataViewSchema.DetachedColumn[] OutputColumns => _outputColumns ??= MakeOutputColumns();

    protected abstract DataViewSchema.DetachedColumn[] MakeOutputColumns();

    /// <summary>The input columns that output <paramref name="output"/> is computed from.</summary>
    public abstract IEnumerable<int> Dependencies(int output);

    public abstract Delegate MakeGetter(DataViewRow input, int output);
}
