using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Host.Models;

namespace MLPipelines.Host.Config;

/// <summary>One labelled row of a data file, whatever the task.</summary>
/// <param name="Number">The row, from 1.</param>
/// <param name="Text">The text; of a pair, both with a line end between them.</param>
/// <param name="Labels">The labels of the row, or of its spans.</param>
/// <param name="Spans">Where the labels apply, in UTF-16 indices; empty where they apply to the whole text.</param>
internal sealed record DataRow(long Number, string Text, IReadOnlyList<string> Labels, IReadOnlyList<(int Start, int End)> Spans)
{
    /// <summary>How similar the texts of a pair are; null where the data have labels instead.</summary>
    internal float? Score { get; init; }

    /// <summary>Whether the text is a pair, which the encoder reads as one sequence.</summary>
    internal bool IsPair { get; init; }

    /// <summary>The labels or the score as one text: rows that agree have the same.</summary>
    internal string Signature => Score is { } score ? score.ToString(CultureInfo.InvariantCulture)
        : string.Join('\u001f', Labels.Select((label, i) => Spans.Count > 0 ? $"{Spans[i].Start}-{Spans[i].End} {label}" : label).Order(StringComparer.Ordinal));

    /// <summary>What the encoder reads at once: the texts of a scored pair by themselves, otherwise all of the row.</summary>
    internal IEnumerable<string> Sequences => Score is null ? [Text] : Text.Split('\n', 2);

    /// <summary>Reads a view: texts, labels and, where they are there, Score, Start and End.</summary>
    internal static IEnumerable<DataRow> Read(IDataView data, DataColumns columns)
    {
        var names = (string?[])[columns.Text, columns.Second, columns.Label, "Score", "Start", "End"];
        using var cursor = data.GetRowCursor(data.Schema.Where(column => !column.IsHidden && names.Contains(column.Name)));
        var (text, second, labels) = (Texts(cursor, columns.Text), Texts(cursor, columns.Second), Texts(cursor, columns.Label));
        var (starts, ends) = (Numbers(cursor, "Start"), Numbers(cursor, "End"));
        var score = cursor.Schema.GetColumnOrNull("Score") is { Type: NumberDataViewType } column ? cursor.GetGetter<float>(column) : null;
        for (var number = 1L; cursor.MoveNext(); number++)
        {
            var other = second();
            float value = 0;
            score?.Invoke(ref value);
            yield return new DataRow(number, string.Join('\n', text().Concat(other is [""] ? [] : other)), labels(), [.. starts().Zip(ends())]) { Score = score is null ? null : value, IsPair = score is null && other is [{ Length: > 0 }] };
        }
    }

    private static Func<IReadOnlyList<string>> Texts(DataViewRow row, string? name)
    {
        switch (name is null ? null : row.Schema.GetColumnOrNull(name))
        {
            case { Type: TextDataViewType } column:
                var get = row.GetGetter<ReadOnlyMemory<char>>(column);
                ReadOnlyMemory<char> value = default;
                return () =>
                {
                    get(ref value);
                    return [value.ToString()];
                };
            case { Type: VectorDataViewType { ItemType: TextDataViewType } } column:
                var getAll = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
                VBuffer<ReadOnlyMemory<char>> values = default;
                return () =>
                {
                    getAll(ref values);
                    return [.. values.DenseValues().Select(item => item.ToString())];
                };
            case { Type: KeyDataViewType or BooleanDataViewType or VectorDataViewType { ItemType: KeyDataViewType } }:
                var read = ColumnFields.Readers(row, [name!])[0].Read;
                return () => read() switch
                {
                    null => [],
                    JsonArray values => [.. values.OfType<JsonNode>().Select(value => value.ToString())],
                    var value => [value.ToString()],
                };
            default:
                return () => [];
        }
    }

    private static Func<IReadOnlyList<int>> Numbers(DataViewRow row, string name)
    {
        if (row.Schema.GetColumnOrNull(name) is not { Type: VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } } column || raw != typeof(int))
        {
            return () => [];
        }

        var get = row.GetGetter<VBuffer<int>>(column);
        VBuffer<int> values = default;
        return () =>
        {
            get(ref values);
            return [.. values.DenseValues()];
        };
    }
}
