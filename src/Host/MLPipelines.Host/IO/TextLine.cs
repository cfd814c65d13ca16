using System.Text;

namespace MLPipelines.Host;

/// <summary>A line of a file.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Bytes">What it contains, without the line end and without a byte order mark. The memory may be overwritten by the next line; <see cref="Copy"/> keeps it.</param>
internal sealed record TextLine(long Number, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The most lines that a record may have. A quotation mark that nobody closes would otherwise swallow the rest of the file.</summary>
    internal const int MaximumLines = 100;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The line as text; null where it is not UTF-8.</summary>
    internal string? Text
    {
        get
        {
            try
            {
                return s_strict.GetString(Bytes.Span);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    /// <summary>The same line in memory of its own.</summary>
    internal TextLine Copy() => this with { Bytes = Bytes.ToArray() };

    /// <summary>The lines of a stream.</summary>
    internal static IEnumerable<TextLine> Read(Stream stream)
    {
        var number = 0L;
        foreach (var line in LineReader.Read(stream))
        {
            yield return new TextLine(++number, number == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line);
        }
    }

    /// <summary>
    /// Puts the lines of a CSV file together whose quoted fields hold line ends. Where a quotation mark is not closed within <see cref="MaximumLines"/>, or before the file ends, the line stands for itself
    /// and the lines after it are read as if it were not there.
    /// </summary>
    internal static IEnumerable<TextLine> JoinQuoted(IEnumerable<TextLine> lines)
    {
        using var source = lines.GetEnumerator();
        var again = new LinkedList<TextLine>();
        while (Next() is { } first)
        {
            if (!IsOpen(first))
            {
                yield return first;
                continue;
            }

            var parts = new List<TextLine> { first.Copy() };
            var record = parts[0];
            while (IsOpen(record) && parts.Count < MaximumLines && Next() is { } next)
            {
                parts.Add(next.Copy());
                record = record with { Bytes = (byte[])[.. record.Bytes.Span, (byte)'\n', .. next.Bytes.Span] };
            }

            if (IsOpen(record))
            {
                parts.Skip(1).Reverse().ToList().ForEach(part => again.AddFirst(part));
                record = parts[0];
            }

            yield return record;
        }

        TextLine? Next()
        {
            if (again.First is { } kept)
            {
                again.RemoveFirst();
                return kept.Value;
            }

            return source.MoveNext() ? source.Current : null;
        }
    }

    private static bool IsOpen(TextLine record) => record.Bytes.Span.Contains((byte)'"') && record.Text is { } text && TableHeader.Split(text, isCsv: true) is null;
}
