using System.Collections;
using MLPipelines.Components;
using MLPipelines.Trainers.Files;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>The rows of a JSON-lines file. Each enumeration opens the file anew and reads it line by line.</summary>
sealed class SpanJsonLines(string path, TextOffsets offsets) : IEnumerable<SpanExtractionRow>
{
    public IEnumerator<SpanExtractionRow> GetEnumerator()
    {
        using var stream = DataFile.Open(path);
        var (parser, rows) = (new SpanJsonLine(offsets), 0L);
        foreach (var (number, line) in Utf8Lines.Read(stream))
        {
            if (line.Span.IndexOfAnyExcept(" \t"u8) < 0) continue;
            yield return parser.Parse(path, number, line.Span);
            rows++;
        }
        if (rows == 0) throw new DataFormatException("the file contains no rows", path, expected: SpanJsonLine.Shape, found: "an empty file");
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
