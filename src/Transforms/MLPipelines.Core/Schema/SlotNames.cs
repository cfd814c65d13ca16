using Microsoft.ML.Data;

namespace MLPipelines.Schema;

/// <summary>What the slots of a vector column are called.</summary>
public static class SlotNames
{
    /// <summary>A name for each slot, empty where a slot has none; null where the column has no slot names.</summary>
    /// <param name="column">A vector of known size.</param>
    public static IReadOnlyList<string>? Of(Microsoft.ML.DataViewSchema.Column column)
    {
        if (!column.HasSlotNames()) return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
