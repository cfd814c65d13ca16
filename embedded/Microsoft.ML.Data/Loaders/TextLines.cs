using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The lines of files that hold data: neither empty ones, nor comments, nor headers.</summary>
internal static class TextLines
{
    /// <param name="source">The files.</param>
    /// <param name="format">The form of their lines.</param>
    /// <param name="withHeader">Whether the first line of each file is delivered although it is a header.</param>
    public static IEnumerable<(string Text, long Line, string Path)> Read(IMultiStreamSource source, TextFormat format, bool withHeader)
    {
        for (int i = 0; i < source.Count; i++)
        {
            var path = source.GetPathOrNull(i);
            using var reader = source.OpenTextReader(i);
            long next = 1;
            bool first = true;
            while (reader.ReadLine() is { } text)
            {
                long line = next++; // a record of several lines counts once
                // '#' marks a comment only in front of the first line.
                if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal) || (first && text[0] == '#'))
                    continue;
                if (format.ReadMultilines)
                    text = Complete(text, reader, format, line - 1);
                if (!first || withHeader || !format.HasHeader)
                    yield return (text, line, path);
                first = false;
            }
        }
    }

    /// <summary>Adds the lines in which a quoted field goes on that the line leaves open. The message gives the number of records before it as its line.</summary>
    private static string Complete(string text, TextReader reader, TextFormat format, long recordsBefore)
    {
        if (!EndsInQuotes(text, inQuotes: false, format))
            return text;
        var all = new StringBuilder(text);
        do
        {
            text = reader.ReadLine() ?? throw new EndOfStreamException(
                $"A quoted field opened on line {recordsBefore} was never closed, and we've read to the last line in the file without finding the closing quote");
            all.Append('\n').Append(text);
        }
        while (EndsInQuotes(text, inQuotes: true, format));
        return all.ToString();
    }

    private static bool EndsInQuotes(string text, bool inQuotes, TextFormat format)
    {
        bool atStart = true;
        for (int i = 0; i < text.Length; i++)
        {
            char ch = text[i];
            if (inQuotes && ch == format.EscapeChar && (ch != '"' || (i + 1 < text.Length && text[i + 1] == '"')))
                i++;
            else if (ch == '"' && (inQuotes || atStart))
            {
                (inQuotes, atStart) = (!inQuotes, false);
                // Anything but blanks between a closing quote and the next separator is an error, and the record ends with its line.
                if (!inQuotes && !EndsField(text.AsSpan(i + 1), format))
                    return false;
            }
            else if (!inQuotes)
                atStart = format.Separators.Contains(ch) || (atStart && ch == ' ');
        }
        return inQuotes;
    }

    private static bool EndsField(ReadOnlySpan<char> rest, TextFormat format)
    {
        if (!format.Separators.Contains(' '))
            rest = rest.TrimStart(' ');
        return rest.IsEmpty || format.Separators.Contains(rest[0]);
    }
}
