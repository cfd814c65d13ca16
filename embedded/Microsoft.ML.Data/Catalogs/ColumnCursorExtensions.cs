using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reading one column.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => data.GetColumn<T>(data.Schema[columnName]);

    /// <summary>The values of a column, read while they are enumerated. Text may be read as strings, vectors as arrays.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        if (column.Index >= data.Schema.Count || data.Schema[column.Index].Name != column.Name || data.Schema[column.Index].Type != column.Type)
        {
            throw Contracts.ExceptParam(nameof(column),
                $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");
        }

        if (column.Type.RawType == typeof(T))
            return Values<T>(data, column);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>>(data, column).Select(text => text.ToString());
        if (typeof(T).IsArray)
        {
            if (column.Type is not VectorDataViewType vectorType)
            {
                throw Contracts.ExceptParam(nameof(column),
                    $"Cannot load vector type, {column.Type}, specified in {nameof(column)} to the user-defined type, {typeof(T)}.");
            }
            if (typeof(T).GetElementType() == vectorType.ItemType.RawType)
                return GenericCall.Invoke<IEnumerable<T>>(Arrays<int>, vectorType.ItemType.RawType, data, column);
            if (typeof(T) == typeof(string[]) && vectorType.ItemType is TextDataViewType)
                return (IEnumerable<T>)Arrays<ReadOnlyMemory<char>>(data, column).Select(texts => Array.ConvertAll(texts, text => text.ToString()));
        }
        throw Contracts.ExceptParam(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in {nameof(data)} to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T> Values<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return value;
        }
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column)
    {
        foreach (var vector in Values<VBuffer<T>>(data, column))
        {
            var array = new T[vector.Length];
            vector.CopyTo(array);
            yield return array;
        }
    }
}
