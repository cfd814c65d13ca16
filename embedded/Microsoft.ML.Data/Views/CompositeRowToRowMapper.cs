using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Row mappers applied one after the other.</summary>
internal sealed class CompositeRowToRowMapper : IRowToRowMapper, IDisposable
{
    private bool _disposed;

    public CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        InnerMappers = mappers ?? [];
        InputSchema = inputSchema;
        OutputSchema = InnerMappers.Length > 0 ? InnerMappers[^1].OutputSchema : inputSchema;
    }

    internal IRowToRowMapper[] InnerMappers { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        foreach (var mapper in InnerMappers.Reverse())
            dependingColumns = mapper.GetDependencies(dependingColumns);
        return dependingColumns;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema did not match original schema");

        // What each mapper must deliver follows from what those behind it need.
        var needed = new IEnumerable<DataViewSchema.Column>[InnerMappers.Length];
        for (int i = InnerMappers.Length - 1; i >= 0; i--)
        {
            needed[i] = activeColumns.ToArray();
            activeColumns = InnerMappers[i].GetDependencies(needed[i]);
        }
        foreach (var column in activeColumns)
        {
            if (!input.IsColumnActive(input.Schema[column.Index]))
                throw Contracts.ExceptParam(nameof(input), $"Mapper required column '{column.Name}' active but it was not.");
        }

        var result = input;
        for (int i = 0; i < InnerMappers.Length; i++)
            result = InnerMappers[i].GetRow(result, needed[i]);
        return result;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var mapper in InnerMappers)
            (mapper as IDisposable)?.Dispose();
    }
}
