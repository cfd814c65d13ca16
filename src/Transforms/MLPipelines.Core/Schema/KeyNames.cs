using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Schema;

/// <summary>What the values of a key column are, and what they are called.</summary>
public static class KeyNames
{
    static readonly MethodInfo s_read = typeof(KeyNames).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;
    static readonly MethodInfo s_values = typeof(KeyNames).GetMethod(nameof(Values), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The key values as text, in order; the numbers from 1 where the column has none.</summary>
    /// <param name="column">A key, or a vector of keys.</param>
    public static IReadOnlyList<string> Of(DataViewSchema.Column column)
    {
        var type = (KeyDataViewType)(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type);
        return ValueType(column) is { } values ? (string[])s_read.MakeGenericMethod(values.RawType).Invoke(null, [column])! : FromOne((int)type.Count);
    }

    /// <summary>The numbers from 1 as text: what keys are called that have no values.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<string> FromOne(int count) => [.. Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The key values themselves, where they are of a type that a model keeps: numbers, Booleans, dates and time spans; null for text and where there are none.</summary>
    /// <param name="column">A key, or a vector of keys.</param>
    public static Array? ValuesOf(DataViewSchema.Column column) => ValueType(column) is { } type && IsKept(type) ? (Array)s_values.MakeGenericMethod(type.RawType).Invoke(null, [column])! : null;

    /// <summary>An array of the type that <see cref="ValuesOf"/> will give, with one element, as soon as the shape of the data is known; null where it will give none.</summary>
    /// <param name="column">The shape of a key column.</param>
    public static Array? Promised(SchemaShape.Column column) =>
        column.Annotations.Where(annotation => annotation.Name == "KeyValues" && IsKept(annotation.ItemType)).Select(annotation => Array.CreateInstance(annotation.ItemType.RawType, 1)).FirstOrDefault();

    static string[] Read<T>(DataViewSchema.Column column) => [.. Values<T>(column).Select(Name)];

    // Dates in full: two that differ have to have two names.
    static string Name<T>(T value) => value switch
    {
        DateTime date => date.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset date => date.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static PrimitiveDataViewType? ValueType(DataViewSchema.Column column) => (column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type as VectorDataViewType)?.ItemType;

    static bool IsKept(DataViewType type) => type is NumberDataViewType or BooleanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType;

    static T[] Values<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }
}
