using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Interop;

namespace MLPipelines.Schema;

/// <summary>What a component needs and what it produces, in one list.</summary>
/// <remarks>
/// The estimator's promise, the transformer's output schema and every schema error are derived from this list, so promise and delivery
/// cannot differ. Immutable and thread-safe.
/// </remarks>
public sealed class SchemaContract
{
    readonly IReadOnlyList<ColumnSpec> _columns;

    /// <summary>States a contract.</summary>
    /// <param name="columns">Required and produced columns; produced ones appear in the output in this order, after the input's columns.</param>
    /// <exception cref="ArgumentException">Two produced columns have the same name.</exception>
    public SchemaContract(params IReadOnlyList<ColumnSpec> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = [.. columns];
        var twice = Produced.CountBy(column => column.Name).FirstOrDefault(count => count.Value > 1).Key;
        if (twice is not null) throw Errors.ColumnProducedTwice(twice);
    }

    /// <summary>The columns that have to be there.</summary>
    public IEnumerable<ColumnSpec> Required => _columns.Where(column => !column.IsProduced);

    /// <summary>The columns that the component adds.</summary>
    public IEnumerable<ColumnSpec> Produced => _columns.Where(column => column.IsProduced);

    /// <summary>The promise: the input's columns, those replaced left out, and the produced ones.</summary>
    /// <param name="schema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A required column is missing or has the wrong type; the message names it.</exception>
    public SchemaShape GetOutputSchema(SchemaShape schema)
    {
        Check(schema);
        var names = Produced.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return new(schema.Where(column => !names.Contains(column.Name)).Concat(Produced.Select(column => column.Shape)));
    }

    /// <summary>The delivery: the input's columns followed by the produced ones, which hide input columns of the same name.</summary>
    /// <param name="schema">The schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A required column is missing or has the wrong type; the message names it.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema schema)
    {
        Check(schema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        foreach (var column in Produced) builder.AddColumn(column.Name, column.ProducedType, column.Annotations);
        return builder.ToSchema();
    }

    /// <summary>Checks that every required column is there and has the right type.</summary>
    /// <param name="schema">The schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A required column is missing or has the wrong type; the message names it.</exception>
    public void Check(DataViewSchema schema)
    {
        Check(SchemaShapes.Of(schema));
        foreach (var required in Required.Where(required => !required.FitsSize(schema[required.Name].Type)))
            throw Errors.ColumnType(required.Role, required.Name, $"{SchemaShapes.Describe(required.Shape)} of size {required.RequiredSize}", $"{schema[required.Name].Type}");
    }

    /// <summary>Checks that every required column is there and has the right type.</summary>
    /// <param name="schema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A required column is missing or has the wrong type; the message names it.</exception>
    public void Check(SchemaShape schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var present = schema.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (var required in Required)
        {
            var expected = required.Expected;
            if (!present.TryGetValue(required.Name, out var column)) throw Errors.ColumnMissing(required.Role, required.Name, expected, present.Keys);
            if (!required.IsSatisfiedBy(column)) throw Errors.ColumnType(required.Role, required.Name, expected, SchemaShapes.Describe(column));
        }
    }
}
