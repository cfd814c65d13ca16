namespace MLPipelines.Trainers.Files;

/// <summary>The lines of a byte stream, without line ends and without a byte order mark, in memory that the next line overwrites.</summary>
static class Utf8Lines
{
    public static IEnumerable<(long Number, ReadOnlyMemory<byte> Line)> Read(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var (begin, end, number) = (0, 0, 0L);
        while (true)
        {
            var length = buffer.AsSpan(begin, end - begin).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return (++number, Trim(buffer.AsMemory(begin, length), number));
                begin += length + 1;
                continue;
            }
            if (begin > 0)
            {
                buffer.AsSpan(begin, end - begin).CopyTo(buffer);
                (begin, end) = (0, end - begin);
            }
            if (end == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0) break;
            end += read;
        }
        if (end > 0) yield return (++number, Trim(buffer.AsMemory(0, end), number));
    }

    static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line, long number)
    {
        if (number == 1 && line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }
}
