using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Files;

/// <summary>Reads a table of text: the fields of each record, where each begins, and the line on which the record begins.</summary>
/// <remarks>With quotes as RFC 4180 has them: a field in double quotes may hold separators, line ends and doubled quotes. Without, a quote is a character like any other.</remarks>
static class DelimitedLines
{
    /// <param name="Line">From 1.</param>
    /// <param name="Fields">The values.</param>
    /// <param name="Columns">Where each begins in its line, from 1.</param>
    public sealed record Record(long Line, IReadOnlyList<string> Fields, IReadOnlyList<int> Columns);

    /// <summary>The characters of one record of several lines after which a quote that opens a field is taken for a mistake: no text is that long, but a file may be.</summary>
    const int LongestRecord = 1 << 22;

    public static IEnumerable<Record> Read(string path, Stream stream, char separator, bool quotes)
    {
        var pending = new StringBuilder();
        var (first, isOpen) = (0L, false);
        foreach (var (number, bytes) in Utf8Lines.Read(stream))
        {
            if (!Utf8.IsValid(bytes.Span)) throw new DataFormatException("the file is not UTF-8", path, number, expected: "UTF-8", found: "other bytes");
            if (pending.Length == 0) first = number;
            else pending.Append('\n');
            var line = Encoding.UTF8.GetString(bytes.Span);
            pending.Append(line);
            if (pending.Length == 0) continue; // an empty line
            isOpen = quotes && EndsOpen(line, separator, isOpen);
            if (isOpen && pending.Length > LongestRecord) throw NotClosed(path, first, string.Create(CultureInfo.InvariantCulture, $"more than {LongestRecord} characters without one"));
            if (isOpen) continue;
            yield return Split(path, first, pending.ToString(), separator, quotes);
            pending.Clear();
        }
        if (pending.Length > 0) throw NotClosed(path, first, "the end of the file");
    }

    static DataFormatException NotClosed(string path, long line, string found) => new("a quoted field is not closed", path, line, expected: "a closing \"", found: found);

    /// <summary>Whether a quoted field goes on in the next line. Every line is looked at once, however many a field has.</summary>
    /// <param name="line">The line.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="open">Whether the line begins within a quoted field.</param>
    static bool EndsOpen(string line, char separator, bool open)
    {
        var atStart = !open;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (open) open = c != '"' || (i + 1 < line.Length && line[i + 1] == '"' && i++ >= 0);
            else if (c == '"' && atStart) open = true;
            atStart = !open && c == separator;
        }
        return open;
    }

    static Record Split(string path, long line, string text, char separator, bool quotes)
    {
        var (fields, columns) = (new List<string>(), new List<int>());
        var at = 0;
        while (true)
        {
            columns.Add(at + 1);
            if (quotes && at < text.Length && text[at] == '"')
            {
                var field = new StringBuilder();
                for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"' && at++ >= 0); at++) field.Append(text[at]);
                fields.Add(field.ToString());
                at++;
                if (at < text.Length && text[at] != separator)
                    throw new DataFormatException("there is text after a quoted field", path, line, at + 1, $"the separator or the end of the line", $"'{text[at]}'");
            }
            else
            {
                var end = text.IndexOf(separator, at);
                fields.Add(end < 0 ? text[at..] : text[at..end]);
                at = end < 0 ? text.Length : end;
            }
            if (at >= text.Length) return new Record(line, fields, columns);
            at++;
        }
    }
}
