namespace MLPipelines.Host.Terminals;

/// <summary>
/// The last lines of a terminal, drawn again and again in their place. A frame is written at once, so that nothing flickers, and no line reaches the terminal's edge, so that none wraps and leaves
/// something behind.
/// </summary>
internal sealed class LiveLines(TextWriter terminal, Func<int> width)
{
    private const string EraseLine = "\u001b[K";
    private const string EraseBelow = "\u001b[J";

    private int _height;

    /// <summary>The columns that a line may have.</summary>
    internal int Width => Math.Max(1, width() - 1);

    private string Home => _height > 1 ? $"\r\u001b[{_height - 1}A" : "\r";

    /// <summary>Draws lines in place of the last ones.</summary>
    internal void Draw(params IReadOnlyList<string> lines) => Write("", lines);

    /// <summary>Writes a line that stays, and draws others below it.</summary>
    internal void Keep(string line, params IReadOnlyList<string> lines) => Write(line + EraseLine + "\n", lines);

    /// <summary>Takes the drawn lines away.</summary>
    internal void Clear() => Write("", []);

    private void Write(string kept, IReadOnlyList<string> lines)
    {
        terminal.Write(Home + kept + string.Join(EraseLine + "\n", lines.Select(line => line.Length > Width ? line[..Width] : line)) + EraseBelow);
        terminal.Flush();
        _height = lines.Count;
    }
}
