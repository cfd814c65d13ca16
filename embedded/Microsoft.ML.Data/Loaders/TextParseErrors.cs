using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Warns of text that could not be read: the first cases one by one, all of them as a sum at the end.</summary>
internal sealed class TextParseErrors(IChannel channel)
{
    private const int MostShown = 10;

    private long _rows;
    private long _values;
    private long _lines;

    public void CountRow() => _rows++;

    public void ReportValue(long line, string column, int slot)
    {
        _values++;
        Show($"Bad value at line {line} in column {column} at slot {slot}");
    }

    public void ReportLine(string path, long line, string message)
    {
        _lines++;
        Show($"Format error at {path}({line}): {message}");
    }

    public void Summarize()
    {
        if (_values > 0 || _lines > 0)
            channel.Warning(MessageSensitivity.None, $"Processed {_rows} rows with {_values} bad values and {_lines} format errors");
    }

    private void Show(string message)
    {
        if (_values + _lines <= MostShown)
            channel.Warning(MessageSensitivity.Schema, message);
        if (_values + _lines == MostShown)
            channel.Warning(MessageSensitivity.None, "Suppressing further messages on bad text");
    }
}
