using System.Globalization;

namespace MLPipelines.Host.Terminals;

/// <summary>Says how many rows were answered, how fast, and how long it will still take: one line redrawn on a terminal, a line every ten seconds elsewhere.</summary>
internal sealed class RowProgress(Terminal terminal, Stream source, TimeProvider clock)
{
    private const int RowsBetweenLooks = 64;

    private readonly TimeSpan _betweenLines = terminal.IsInteractive ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(10);
    private readonly long _start = clock.GetTimestamp();
    private long _said = clock.GetTimestamp();

    internal void Report(long rows)
    {
        if (terminal.Quiet || rows % RowsBetweenLooks != 0 || clock.GetElapsedTime(_said) < _betweenLines)
        {
            return;
        }

        _said = clock.GetTimestamp();
        Write(Rate(rows) + Remaining());
    }

    internal void End(long rows)
    {
        if (terminal.IsInteractive && !terminal.Quiet)
        {
            terminal.Error.Write("\r\u001b[K");
        }

        terminal.Say(Rate(rows));
    }

    private void Write(string line)
    {
        if (terminal.IsInteractive)
        {
            terminal.Error.Write($"\r{line}\u001b[K");
        }
        else
        {
            terminal.Say(line);
        }
    }

    private string Rate(long rows) =>
        string.Create(CultureInfo.InvariantCulture, $"{rows} rows, {rows / Math.Max(clock.GetElapsedTime(_start).TotalSeconds, 1e-3):0} rows/s");

    // How far the input has been read stands for how much is done; a pipe does not say how long it is.
    private string Remaining()
    {
        if (!source.CanSeek || source.Position <= 0 || source.Length <= 0)
        {
            return "";
        }

        var left = clock.GetElapsedTime(_start) * ((source.Length - source.Position) / (double)source.Position);
        return ", " + left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture) + " left";
    }
}
