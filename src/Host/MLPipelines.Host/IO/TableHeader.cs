using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MLPipelines.Host;

/// <summary>The columns of a table: the names of the fields of the lines after it, and which of them is the text.</summary>
internal sealed class TableHeader
{
    private readonly IReadOnlyList<string> _names;
    private readonly bool _isCsv;
    private readonly int _text;

    private TableHeader(IReadOnlyList<string> names, bool isCsv, int text) => (_names, _isCsv, _text) = (names, isCsv, text);

    /// <summary>Reads the names of the fields.</summary>
    /// <param name="record">The first line.</param>
    /// <param name="isCsv">Whether there are commas and quotation marks instead of tabs.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="textFields">The columns that may hold the text, the first one that is there does; none where rows need not have a text.</param>
    internal static TableHeader Read(string record, bool isCsv, string file, IReadOnlyList<string> textFields)
    {
        var names = Split(record, isCsv) ?? throw new UsageException($"{file}, line 1: a quoted field is not closed.");
        var twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new UsageException($"{file}, line 1: the column '{twice}' is there twice.");
        }

        var text = textFields.Select(field => names.IndexOf(field)).FirstOrDefault(index => index >= 0, -1);
        return text >= 0 || textFields.Count == 0
            ? new TableHeader(names, isCsv, text)
            : throw new UsageException($"{file}, line 1: found the columns {string.Join(", ", names.Select(name => $"'{name}'"))}, expected '{textFields[0]}' among them. Name the column of the text: --text-column.");
    }

    /// <summary>The columns of a table without a header: they are called by their numbers, from 0.</summary>
    /// <param name="record">The first line, which is a row already.</param>
    /// <param name="isCsv">Whether there are commas and quotation marks instead of tabs.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="text">The number of the column with the text.</param>
    internal static TableHeader Numbered(string record, bool isCsv, string file, string text)
    {
        var count = Split(record, isCsv)?.Count ?? throw new UsageException($"{file}, line 1: a quoted field is not closed.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count
            ? new TableHeader([.. Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture))], isCsv, index)
            : throw new UsageException($"{file}, line 1: found {count} columns, expected one with the number {text}, from 0. Name or number the column of the text: --text-column.");
    }

    /// <summary>Whether a column is named by its number, as in tables without a header.</summary>
    internal static bool IsNumber(string column) => column.Length > 0 && column.All(char.IsAsciiDigit);

    internal InputRow ToRow(string record, long number)
    {
        if (Split(record, _isCsv) is not { } fields)
        {
            return Bad(record, number, "a quoted field is not closed");
        }

        return fields.Count == _names.Count
            ? new InputRow(number, new JsonObject(_names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create(fields[i])))), _text < 0 ? null : fields[_text], null)
            : Bad(record, number, $"found {fields.Count} fields, expected {_names.Count} as in the first line");
    }

    private static InputRow Bad(string line, long number, string what) => new(number, new JsonObject { ["input"] = line }, null, $"line {number}: {what}");

    /// <summary>The fields of a record; null where a quoted field does not end.</summary>
    internal static List<string>? Split(string line, bool isCsv)
    {
        if (!isCsv)
        {
            return [.. line.Split('\t')];
        }

        var fields = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            if (at < line.Length && line[at] == '"')
            {
                if (Quoted(line, ref at) is not { } quoted)
                {
                    return null;
                }

                fields.Add(quoted);
            }
            else
            {
                var end = line.IndexOf(',', at);
                end = end < 0 ? line.Length : end;
                fields.Add(line[at..end]);
                at = end;
            }
        }

        return fields;
    }

    /// <summary>Reads from an opening quotation mark to the comma after the field, or to the end.</summary>
    private static string? Quoted(string line, ref int at)
    {
        var field = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                field.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else
            {
                // What stands between the closing mark and the comma belongs to the field, as spreadsheets read it.
                var end = line.IndexOf(',', at);
                end = end < 0 ? line.Length : end;
                field.Append(line.AsSpan(at + 1, end - at - 1));
                at = end;
                return field.ToString();
            }
        }

        return null;
    }
}
