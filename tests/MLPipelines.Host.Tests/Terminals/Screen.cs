namespace MLPipelines.Host.Tests.Terminals;

/// <summary>A terminal of some width, as far as the tool uses one: it wraps, goes back to the beginning of a line and up, and erases.</summary>
internal sealed class Screen(int columns)
{
    private readonly List<char[]> _lines = [NewLine(columns)];
    private int _row;
    private int _column;

    /// <summary>What stands on the screen, without the spaces at the ends of lines.</summary>
    internal IReadOnlyList<string> Lines => [.. _lines.Select(line => new string(line).TrimEnd())];

    /// <summary>The line on which the cursor is.</summary>
    internal string CursorLine => Lines[_row];

    /// <summary>Writes what a program wrote.</summary>
    /// <param name="text">The text with its control sequences.</param>
    /// <param name="drawn">Called when everything below the cursor has been erased, which is how the tool ends a frame.</param>
    internal void Write(string text, Action drawn)
    {
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r':
                    _column = 0;
                    break;
                case '\n':
                    Down();
                    break;
                case '\u001b' when text[i + 1] != '[':
                    i++;
                    break;
                case '\u001b':
                    var end = text.IndexOfAny(['A', 'J', 'K', 'm', 'h', 'l'], i);
                    Control(text[(i + 1)..(end + 1)], drawn);
                    i = end;
                    break;
                default:
                    Put(text[i]);
                    break;
            }
        }
    }

    private static char[] NewLine(int columns) => [.. Enumerable.Repeat(' ', columns)];

    private void Put(char character)
    {
        if (_column == columns)
        {
            _column = 0;
            Down();
        }

        _lines[_row][_column++] = character;
    }

    private void Down()
    {
        if (++_row == _lines.Count)
        {
            _lines.Add(NewLine(columns));
        }
    }

    private void Control(string sequence, Action drawn)
    {
        switch (sequence)
        {
            case "[K":
                Array.Fill(_lines[_row], ' ', _column, columns - _column);
                break;
            case "[J":
                Array.Fill(_lines[_row], ' ', _column, columns - _column);
                _lines[(_row + 1)..].ForEach(line => Array.Fill(line, ' '));
                drawn();
                break;
            case ['[', .. var count, 'A']:
                _row = Math.Max(0, _row - int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case "[?1h" or "[?25h" or "[?1l" or ['[', .., 'm']:
                break; // keys, cursor and colours
            default:
                Assert.Fail($"The tool sent ESC{sequence}.");
                break;
        }
    }
}
