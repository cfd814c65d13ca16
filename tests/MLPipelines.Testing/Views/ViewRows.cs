using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Testing;

/// <summary>Reads whole views as plain values and compares them.</summary>
public static class ViewRows
{
    /// <summary>Every visible value of every row: scalars as they are, text as string, vectors as arrays.</summary>
    /// <param name="view">The view.</param>
    public static IReadOnlyList<object?[]> Read(IDataView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var columns = Visible(view.Schema);
        using var cursor = view.GetRowCursor(columns);
        return ReadAll(cursor, columns);
    }

    /// <summary>The visible columns of a schema.</summary>
    internal static DataViewSchema.Column[] Visible(DataViewSchema schema) => [.. schema.Where(column => !column.IsHidden)];

    internal static List<object?[]> ReadAll(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        var getters = columns.Select(column => Getter(cursor, column)).ToArray();
        var rows = new List<object?[]>();
        while (cursor.MoveNext()) rows.Add([.. getters.Select(getter => getter())]);
        return rows;
    }

    /// <summary>A function that reads a column's value in the row's current position.</summary>
    internal static Func<object?> Getter(DataViewRow row, DataViewSchema.Column column)
        => (Func<object?>)s_typedGetter.MakeGenericMethod(column.Type.RawType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column], null)!;

    static readonly MethodInfo s_typedGetter = typeof(ViewRows).GetMethod(nameof(TypedGetter), BindingFlags.NonPublic | BindingFlags.Static)!;

    static Func<object?> TypedGetter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Plain(value);
        };
    }

    static object? Plain(object? value)
    {
        if (value is ReadOnlyMemory<char> text) return text.ToString();
        if (value is null || !value.GetType().IsGenericType || value.GetType().GetGenericTypeDefinition() != typeof(VBuffer<>)) return value;
        return s_items.MakeGenericMethod(value.GetType().GetGenericArguments()[0]).Invoke(null, [value]);
    }

    static readonly MethodInfo s_items = typeof(ViewRows).GetMethod(nameof(Items), BindingFlags.NonPublic | BindingFlags.Static)!;

    static object?[] Items<T>(VBuffer<T> vector) => [.. vector.DenseValues().Select(item => Plain(item))];

    /// <summary>Requires two readings to be equal.</summary>
    /// <param name="expected">One reading.</param>
    /// <param name="actual">The other.</param>
    /// <param name="tolerance">The largest difference allowed between two floating point values; NaN equals NaN.</param>
    /// <param name="message">What it means when they are not.</param>
    public static void RequireEqual(IReadOnlyList<object?[]> expected, IReadOnlyList<object?[]> actual, double tolerance, string message)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        Require.That(expected.Count == actual.Count, $"{message}: {expected.Count} rows became {actual.Count}");
        for (var row = 0; row < expected.Count; row++)
        {
            for (var column = 0; column < expected[row].Length; column++)
            {
                var (want, got) = (expected[row][column], actual[row][column]);
                Require.That(Same(want, got, tolerance), $"{message} (row {row}, column {column}: {Show(want)} became {Show(got)})");
            }
        }
    }

    static bool Same(object? a, object? b, double tolerance) => (a, b) switch
    {
        (object?[] x, object?[] y) => x.Length == y.Length && x.Zip(y).All(pair => Same(pair.First, pair.Second, tolerance)),
        (float x, float y) => x.Equals(y) || Math.Abs(x - y) <= tolerance,
        (double x, double y) => x.Equals(y) || Math.Abs(x - y) <= tolerance,
        _ => Equals(a, b),
    };

    static string Show(object? value) => value switch
    {
        object?[] items => $"[{string.Join(", ", items.Select(Show))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable text => $"\"{text}\"",
        _ => value?.ToString() ?? "nothing",
    };
}
