using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Schema;

namespace MLPipelines.Scoring;

/// <summary>Which columns were asked for, and which of the source's are needed for them.</summary>
/// <remarks>The output schema begins with the source's columns, at the same indices; the produced ones follow.</remarks>
sealed class ActiveColumns
{
    readonly bool[] _active;

    public ActiveColumns(IEnumerable<DataViewSchema.Column> wanted, DataViewSchema source, DataViewSchema output, SchemaContract contract)
    {
        (Schema, SourceCount) = (output, source.Count);
        _active = new bool[output.Count];
        foreach (var column in wanted) _active[column.Index] = true;
        Passed = [.. source.Where(column => _active[column.Index])];
        AnyProduced = _active.AsSpan(SourceCount).Contains(true);
        Source = AnyProduced ? [.. Passed.UnionBy(contract.Required.Select(required => source[required.Name]), column => column.Index)] : Passed;
    }

    public DataViewSchema Schema { get; }

    public int SourceCount { get; }

    /// <summary>Source columns that the consumer wants.</summary>
    public IReadOnlyList<DataViewSchema.Column> Passed { get; }

    /// <summary>Those, and the ones that scoring needs.</summary>
    public IReadOnlyList<DataViewSchema.Column> Source { get; }

    /// <summary>Whether anything has to be scored.</summary>
    public bool AnyProduced { get; }

    public bool IsActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public bool IsProduced(DataViewSchema.Column column) => column.Index >= SourceCount;

    /// <summary>Refuses columns that were not asked for.</summary>
    public void Check(DataViewSchema.Column column)
    {
        if (!IsActive(column)) throw Errors.WrongState($"the column '{column.Name}' is not active in this cursor", "Ask for it when the cursor is made");
    }
}
