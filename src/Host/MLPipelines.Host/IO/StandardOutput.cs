using Microsoft.Win32.SafeHandles;

namespace MLPipelines.Host;

/// <summary>Standard output that says when nobody reads it any more.</summary>
internal static class StandardOutput
{
    /// <summary>A stream whose writes fail once the reader of a pipe has gone, as <c>head</c> goes; the console's own stream keeps silent about that, and hours of work would go nowhere.</summary>
    internal static Stream Open()
    {
        try
        {
            var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // Of a file the console's stream knows the end, which standard error may move.
            return stream.CanSeek ? Console.OpenStandardOutput() : stream;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return Console.OpenStandardOutput();
        }
    }
}
