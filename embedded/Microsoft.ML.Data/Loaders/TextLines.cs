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
            long line = 0;
            bool first = true;
            while (ReadLine(reader, format, ref line) is { } text)
            {
                // '#' marks a comment only in front of the first line.
                if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal) || (first && text[0] == '#'))
                    continue;
                if (!first || withHeader || !format.HasHeader)
                    yield return (text, line, path);
                first = false;
            }
        }
    }

    private static string ReadLine(TextReader reader, TextFormat format, ref long line)
    {
        var text = reader.ReadLine();
        line++;
        if (text is null || !format.ReadMultilines)
            return text;
        // A quoted field that the line leaves open goes on in the next one.
        while (EndsInQuotes(text, format) && reader.ReadLine() is { } next)
        {
            text = $"{text}\n{next}";
            line++;
        }
        return text;
    }

    private static bool EndsInQuotes(string text, TextFormat format)
    {
        bool inQuotes = false, atStart = true;
        for (int i = 0; i < text.Length; i++)
        {
            char ch = text[i];
            if (inQuotes && ch == format.EscapeChar && i + 1 < text.Length && text[i + 1] == '"')
                i++;
            else if (ch == '"' && (inQuotes || atStart))
                (inQuotes, atStart) = (!inQuotes, false);
            else if (!inQuotes)
                atStart = format.Separators.Contains(ch) || (atStart && ch == ' ');
        }
        return inQuotes;
    }
}
