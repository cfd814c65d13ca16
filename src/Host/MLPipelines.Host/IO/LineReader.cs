namespace MLPipelines.Host;

/// <summary>Splits a stream into lines as bytes, so that a line with broken UTF-8 harms no other line.</summary>
internal static class LineReader
{
    /// <summary>The lines without their line ends. The memory is overwritten by the next line.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> Read(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var (start, end) = (0, 0);
        var searched = 0;
        while (true)
        {
            var length = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                length += searched;
                yield return WithoutCarriageReturn(buffer.AsMemory(start, length));
                start += length + 1;
                searched = 0;
                continue;
            }

            searched = end - start;
            if (end == buffer.Length)
            {
                // Move the unfinished line to the front; grow when it fills the whole buffer.
                var target = start == 0 ? new byte[checked(buffer.Length * 2)] : buffer;
                buffer.AsSpan(start, searched).CopyTo(target);
                (buffer, start, end) = (target, 0, searched);
            }

            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (end > start)
        {
            yield return WithoutCarriageReturn(buffer.AsMemory(start, end - start));
        }
    }

    private static ReadOnlyMemory<byte> WithoutCarriageReturn(ReadOnlyMemory<byte> line) => line.Span.EndsWith("\r"u8) ? line[..^1] : line;
}
