using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Trainers.Texts;

/// <summary>What the values of a key column are, and what they are called.</summary>
static class KeyNames
{
    static readonly MethodInfo s_read = typeof(KeyNames).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;
    static readonly MethodInfo s_values = typeof(KeyNames).GetMethod(nameof(Values), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The key values as text, in order; the numbers from 1 where the column has none.</summary>
    public static IReadOnlyList<string> Of(DataViewSchema.Column column)
    {
        var type = (KeyDataViewType)(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type);
        return column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values
            ? (string[])s_read.MakeGenericMethod(values.ItemType.RawType).Invoke(null, [column])!
            : [.. Enumerable.Range(1, (int)type.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    static string[] Read<T>(DataViewSchema.Column column) => [.. Values<T>(column).Select(Name)];

    // Dates in full: two that differ have to have two names.
    static string Name<T>(T value) => value switch
    {
        DateTime date => date.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The key values themselves, where they are of a type that a model keeps; null for text and where there are none.</summary>
    public static Array? ValuesOf(DataViewSchema.Column column) => column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values && IsKept(values.ItemType)
        ? (Array)s_values.MakeGenericMethod(values.ItemType.RawType).Invoke(null, [column])!
        : null;

    /// <summary>An array of the type that <see cref="ValuesOf"/> will give, with one element, as soon as the shape of the data is known.</summary>
    public static Array? Promised(SchemaShape.Column column) =>
        column.Annotations.Where(annotation => annotation.Name == "KeyValues" && IsKept(annotation.ItemType)).Select(annotation => Array.CreateInstance(annotation.ItemType.RawType, 1)).FirstOrDefault();

    static bool IsKept(DataViewType type) => type is NumberDataViewType or BooleanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType;

    static T[] Values<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }
}
