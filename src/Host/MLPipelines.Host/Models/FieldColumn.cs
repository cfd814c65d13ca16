using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>How one of a model's columns is read from a field: text, numbers, truth values, and vectors of them.</summary>
/// <param name="column">The column.</param>
/// <param name="expected">What the field has to hold, for messages.</param>
internal abstract class FieldColumn(DataViewSchema.Column column, string expected)
{
    private delegate bool Parser<T>(JsonValue value, out T parsed);

    internal string Name => column.Name;

    internal int Index => column.Index;

    internal string Expected => expected;

    /// <summary>The reader of a column; null where no field can hold its values, such as images.</summary>
    internal static FieldColumn? Create(DataViewSchema.Column column) => (column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) switch
    {
        TextDataViewType => Of<ReadOnlyMemory<char>>(column, "a text", TryText, default),
        BooleanDataViewType => Of<bool>(column, "true or false", TryBoolean, default),
        NumberDataViewType number => Type.GetTypeCode(number.RawType) switch
        {
            TypeCode.Single => Number<float>(column),
            TypeCode.Double => Number<double>(column),
            TypeCode.SByte => Number<sbyte>(column),
            TypeCode.Byte => Number<byte>(column),
            TypeCode.Int16 => Number<short>(column),
            TypeCode.UInt16 => Number<ushort>(column),
            TypeCode.Int32 => Number<int>(column),
            TypeCode.UInt32 => Number<uint>(column),
            TypeCode.Int64 => Number<long>(column),
            TypeCode.UInt64 => Number<ulong>(column),
            _ => null,
        },
        _ => null,
    };

    /// <summary>Reads a field; false where it holds something else.</summary>
    internal abstract bool TryRead(JsonNode field, out object? value);

    /// <summary>The column's getter.</summary>
    /// <param name="current">Gives what <see cref="TryRead"/> gave for the row that the cursor stands on; null where the row has no such field.</param>
    internal abstract Delegate CreateGetter(Func<object?> current);

    private static FieldColumn Number<T>(DataViewSchema.Column column)
        where T : struct, INumberBase<T> => Of(column, "a number", TryNumber<T>, T.CreateSaturating(float.NaN));

    private static FieldColumn Of<T>(DataViewSchema.Column column, string expected, Parser<T> parse, T missing) =>
        column.Type is VectorDataViewType vector ? new Vector<T>(column, vector.Size, expected, parse, missing) : new Scalar<T>(column, expected, parse, missing);

    private static bool TryText(JsonValue value, out ReadOnlyMemory<char> parsed)
    {
        var isText = value.TryGetValue<string>(out var text);
        parsed = text.AsMemory();
        return isText;
    }

    private static bool TryBoolean(JsonValue value, out bool parsed) =>
        value.TryGetValue(out parsed) || (value.TryGetValue<string>(out var text) && (bool.TryParse(text, out parsed) || ((parsed = text == "1") || text == "0")));

    // A table has its numbers as text; an empty field is 0, as in ML.NET's own loader.
    private static bool TryNumber<T>(JsonValue value, out T parsed)
        where T : struct, INumberBase<T>
    {
        parsed = T.Zero;
        return value.GetValueKind() switch
        {
            JsonValueKind.Number => T.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out parsed),
            JsonValueKind.String => value.GetValue<string>() is var text && (text.Length == 0 || T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out parsed)),
            _ => false,
        };
    }

    private sealed class Scalar<T>(DataViewSchema.Column column, string expected, Parser<T> parse, T missing) : FieldColumn(column, expected)
    {
        internal override bool TryRead(JsonNode field, out object? value)
        {
            value = null;
            if (field is not JsonValue given || !parse(given, out var parsed))
            {
                return false;
            }

            value = parsed;
            return true;
        }

        internal override Delegate CreateGetter(Func<object?> current) => (ValueGetter<T>)((ref T target) => target = current() is T value ? value : missing);
    }

    private sealed class Vector<T>(DataViewSchema.Column column, int size, string expected, Parser<T> parse, T missing)
        : FieldColumn(column, $"a list of {(size == 0 ? "" : $"{size}, each ")}{expected}")
    {
        internal override bool TryRead(JsonNode field, out object? value)
        {
            value = null;
            if (field is not JsonArray items || (size != 0 && items.Count != size))
            {
                return false;
            }

            var values = new T[items.Count];
            value = values;
            return !items.Where((item, i) => item is not JsonValue one || !parse(one, out values[i])).Any();
        }

        internal override Delegate CreateGetter(Func<object?> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) =>
        {
            var values = current() as T[] ?? [.. Enumerable.Repeat(missing, size)];
            target = new VBuffer<T>(values.Length, values);
        });
    }
}
