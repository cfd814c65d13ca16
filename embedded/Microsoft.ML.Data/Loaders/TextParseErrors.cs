using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tells of text that could not be read: the first cases one by one, all of them as a sum at the end.</summary>
internal sealed class TextParseErrors(IChannel channel)
{
    private const int MostShown = 10;

    private long _rows;
    private long _values;
    private long _lines;

    public void CountRow() => _rows++;

    public void ReportValue(long line, string column, int? slot)
    {
        if (++_values > MostShown)
            return;
        var place = slot is null ? "" : $" at slot {slot}";
        channel.Info(MessageSensitivity.Schema, $"  Bad value at line {line} in column {column}{place}");
        if (_values == MostShown)
            channel.Info(MessageSensitivity.None, "  Suppressing further bad value messages");
    }

    public void ReportLine(string path, long line, string message)
    {
        if (++_lines > MostShown)
            return;
        channel.Warning(MessageSensitivity.Schema, $"Format error at {path}({line}): {message}");
        if (_lines == MostShown)
            channel.Warning(MessageSensitivity.None, "Suppressing further format error messages");
    }

    public void Summarize()
    {
        if (_values > 0 || _lines > 0)
            channel.Info(MessageSensitivity.None, $"Processed {_rows} rows with {_values} bad values and {_lines} format errors");
    }
}
