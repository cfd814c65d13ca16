using System.Collections;
using MLPipelines.Components;

namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>The rows of a JSON-lines file. Each enumeration opens the file anew and reads it line by line.</summary>
sealed class SpanJsonLines(string path, TextOffsets offsets) : IEnumerable<SpanExtractionRow>
{
    public IEnumerator<SpanExtractionRow> GetEnumerator()
    {
        using var stream = Open(path);
        var rows = 0L;
        foreach (var (number, line) in Utf8Lines.Read(stream))
        {
            if (line.Span.IndexOfAnyExcept(" \t"u8) < 0) continue;
            yield return new SpanJsonLine(path, number, offsets).Parse(line.Span);
            rows++;
        }
        if (rows == 0) throw new DataFormatException("the file contains no rows", path, expected: SpanJsonLine.Shape, found: "an empty file");
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Opens a file that the user named; whatever prevents that is the user's to mend.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException("the file does not exist", path, expected: "a file of JSON lines", found: Directory.Exists(path) ? "a folder" : "nothing", inner: exception);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new DataFormatException("the file cannot be read", path, expected: "a readable file of JSON lines", found: Directory.Exists(path) ? "a folder" : exception.Message.TrimEnd('.'), inner: exception);
        }
    }
}
