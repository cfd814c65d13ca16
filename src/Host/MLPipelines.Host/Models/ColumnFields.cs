using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>Values of columns as JSON: numbers, text, truth values, times; keys as the values that they stand for; vectors as lists, sparse ones with their zeros.</summary>
internal static class ColumnFields
{
    private static readonly MethodInfo s_reader = Method(nameof(Reader));
    private static readonly MethodInfo s_keyValues = Method(nameof(KeyValues));

    /// <summary>Whether a column's values can be written.</summary>
    internal static bool CanWrite(DataViewType type) => (type is VectorDataViewType vector ? vector.ItemType : type)
        is TextDataViewType or NumberDataViewType or BooleanDataViewType or KeyDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType;

    /// <summary>Reads a column of the row that a cursor stands on.</summary>
    private static Func<JsonNode?> Reader(DataViewRow row, string column)
    {
        var type = row.Schema[column].Type;
        return (Func<JsonNode?>)Call(s_reader, (type is VectorDataViewType vector ? vector.ItemType : type).RawType, row, row.Schema[column])!;
    }

    /// <summary>Reads some columns of the row that a cursor stands on.</summary>
    internal static IReadOnlyList<(string Name, Func<JsonNode?> Read)> Readers(DataViewRow row, IEnumerable<string> columns) => [.. columns.Select(column => (column, Reader(row, column)))];

    /// <summary>Puts columns into a row's fields, each under its name; an input field of that name becomes <c>gold_NAME</c>.</summary>
    /// <param name="target">The row.</param>
    /// <param name="columns">What <see cref="Readers"/> gave.</param>
    /// <param name="canMake">Whether the row has what a column is made of; other columns are left out.</param>
    internal static void Add(InputRow target, IReadOnlyList<(string Name, Func<JsonNode?> Read)> columns, Func<string, InputRow, bool> canMake)
    {
        foreach (var (name, read) in columns.Where(column => canMake(column.Name, target)))
        {
            LabeledRows.Set(target.Fields, name, read());
        }
    }

    /// <summary>What the keys of a column stand for, in order; null where it has no key values.</summary>
    internal static IReadOnlyList<object>? KeyValues(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is VectorDataViewType values ? (IReadOnlyList<object>)Call(s_keyValues, values.ItemType.RawType, column)! : null;

    private static object[] KeyValues<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => (object)value!)];
    }

    private static Func<JsonNode?> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var convert = Converter<T>(column);
        if (column.Type is not VectorDataViewType)
        {
            var get = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                get(ref value);
                return convert(value);
            };
        }

        var getAll = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            getAll(ref values);
            T[] dense = [.. values.DenseValues()];
            return dense is float[] numbers && Array.TrueForAll(numbers, float.IsFinite) ? JsonText.Numbers(numbers) : new JsonArray([.. dense.Select(convert)]);
        };
    }

    private static Func<T, JsonNode?> Converter<T>(DataViewSchema.Column column)
    {
        if ((column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) is not KeyDataViewType)
        {
            return value => ToJson(value);
        }

        var names = KeyValues(column);
        return value => Convert.ToUInt64(value, null) switch
        {
            0 => null,
            var key when names is not null && key <= (ulong)names.Count => ToJson(names[(int)key - 1]),
            var key => JsonValue.Create(key),
        };
    }

    // JSON has no word for what is not a number.
    private static JsonValue? ToJson(object? value) => value switch
    {
        ReadOnlyMemory<char> text => JsonValue.Create(text.ToString()),
        float number => float.IsFinite(number) ? JsonValue.Create(number) : null,
        double number => double.IsFinite(number) ? JsonValue.Create(number) : null,
        null => null,
        TimeSpan time => JsonValue.Create(time.ToString()),
        _ => JsonValue.Create(value),
    };

    private static MethodInfo Method(string name) => typeof(ColumnFields).GetMethods(BindingFlags.NonPublic | BindingFlags.Static).Single(method => method.Name == name && method.IsGenericMethod);

    private static object? Call(MethodInfo method, Type type, params object[] arguments)
    {
        try
        {
            return method.MakeGenericMethod(type).Invoke(null, arguments);
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
            throw;
        }
    }
}
