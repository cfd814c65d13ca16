using System.Globalization;

namespace MLPipelines.Host.Terminals;

/// <summary>Says how many rows were answered, how fast, and how long it will still take: one line redrawn on a terminal, a line every ten seconds elsewhere.</summary>
/// <param name="terminal">Where it is said.</param>
/// <param name="source">The input, whose position tells how long it will still take.</param>
/// <param name="clock">The time.</param>
/// <param name="amongResults">Whether the results go to the same terminal: then they say enough until the end.</param>
internal sealed class RowProgress(Terminal terminal, Stream source, TimeProvider clock, bool amongResults = false)
{
    private const int RowsBetweenLooks = 64;

    private readonly LiveLines? _live = terminal.IsInteractive ? new(terminal.Error, () => terminal.Width) : null;
    private readonly TimeSpan _betweenLines = terminal.IsInteractive ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(10);
    private readonly long _start = clock.GetTimestamp();
    private long _said = clock.GetTimestamp();

    internal void Report(long rows)
    {
        if (terminal.Quiet || amongResults || rows % RowsBetweenLooks != 0 || clock.GetElapsedTime(_said) < _betweenLines)
        {
            return;
        }

        _said = clock.GetTimestamp();
        Write(Rate(rows) + Remaining());
    }

    internal void End(long rows)
    {
        if (!terminal.Quiet)
        {
            _live?.Clear();
        }

        terminal.Say(Rate(rows));
    }

    private void Write(string line)
    {
        if (_live is not null)
        {
            _live.Draw(line);
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
        return ", " + Duration.Text(left) + " left";
    }
}
