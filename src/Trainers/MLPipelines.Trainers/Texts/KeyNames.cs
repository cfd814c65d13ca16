using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Trainers.Texts;

/// <summary>What the values of a key column are called.</summary>
static class KeyNames
{
    static readonly MethodInfo s_read = typeof(KeyNames).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The key values as text, in order; the numbers from 1 where the column has none.</summary>
    public static IReadOnlyList<string> Of(DataViewSchema.Column column)
    {
        var type = (KeyDataViewType)(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type);
        return column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values
            ? (string[])s_read.MakeGenericMethod(values.ItemType.RawType).Invoke(null, [column])!
            : [.. Enumerable.Range(1, (int)type.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    static string[] Read<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!)];
    }
}
