using System.Text;
using System.Text.Json.Nodes;

namespace MLPipelines.Host;

/// <summary>The first line of a table: the names of the fields of the lines after it, and which of them is the text.</summary>
internal sealed class TableHeader
{
    private readonly IReadOnlyList<string> _names;
    private readonly bool _isCsv;
    private readonly int _text;

    private TableHeader(IReadOnlyList<string> names, bool isCsv, int text) => (_names, _isCsv, _text) = (names, isCsv, text);

    internal static TableHeader Read(string line, bool isCsv, string file, string? column)
    {
        var names = Split(line, isCsv) ?? throw new UsageException($"{file}, line 1: a quoted field is not closed.");
        var twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new UsageException($"{file}, line 1: the column '{twice}' is there twice.");
        }

        var text = names.FindIndex(name => name == (column ?? "text"));
        return text >= 0
            ? new TableHeader(names, isCsv, text)
            : throw new UsageException($"{file}, line 1: found the columns {string.Join(", ", names.Select(name => $"'{name}'"))}, expected '{column ?? "text"}' among them. Name the column of the text: --text-column.");
    }

    internal InputRow ToRow(string line, long number)
    {
        if (Split(line, _isCsv) is not { } fields)
        {
            return Bad(line, number, "a quoted field is not closed on its line");
        }

        return fields.Count == _names.Count
            ? new InputRow(number, new JsonObject(_names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create(fields[i])))), fields[_text], null)
            : Bad(line, number, $"found {fields.Count} fields, expected {_names.Count} as in the first line");
    }

    private static InputRow Bad(string line, long number, string what) => new(number, new JsonObject { ["input"] = line }, null, $"line {number}: {what}");

    /// <summary>The fields of a line; null where a quoted field does not end.</summary>
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
