using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits lines into fields. Blanks in front of a field do not count, except where they separate; empty fields are left out.</summary>
internal sealed class TextFields(TextFormat format)
{
    private readonly bool _blankSeparates = format.Separators.Contains(' ');
    private readonly StringBuilder _unquoted = new();

    /// <summary>The fields that are not empty, by position on the line, in that order.</summary>
    public List<(int Index, ReadOnlyMemory<char> Text)> Items { get; } = [];

    /// <summary>The number of fields on the line, empty ones too.</summary>
    public int Count { get; private set; }

    /// <summary>What is wrong with the line, or null.</summary>
    public string Error { get; private set; }

    /// <summary>Where among <see cref="Items"/> those at and behind a position on the line begin.</summary>
    public int Find(int index)
    {
        int low = 0, high = Items.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Items[middle].Index < index ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    public void Split(string line)
    {
        Items.Clear();
        Error = null;
        Count = 0;
        var text = line.AsMemory();
        if (format.TrimWhitespace)
            text = text.TrimEnd();
        int at = 0, sparseStart = -1, size = format.InputSize;
        for (bool more = true; more;)
        {
            more = Next(text, ref at, out int slot, out var field);
            if (slot >= 0 && sparseStart < 0 && !StartSparse(ref sparseStart, ref size))
                return;
            if (slot < 0 && sparseStart >= 0)
            {
                Error = "Non-sparse formatted value follows sparse formatted value";
                break;
            }
            if (slot >= 0 && (sparseStart + slot >= size || (Items.Count > 0 && Items[^1].Index >= sparseStart + slot)))
            {
                Error = sparseStart + slot >= size ? "Sparse item index larger than expected. Is the specified size incorrect?" : "Sparse indices out of order";
                break;
            }
            int index = slot >= 0 ? sparseStart + slot : Count++;
            if (!field.IsEmpty || (format.MissingRealsAsNaNs && slot < 0))
                Items.Add((index, field));
        }
        Count = sparseStart >= 0 ? size : Math.Max(Count, format.AllowSparse ? format.InputSize : 0);
    }

    /// <summary>The fields so far are dense; what follows counts from their end. Unless the length of lines is known, the last of them is the rest's.</summary>
    private bool StartSparse(ref int start, ref int size)
    {
        if (size > 0)
        {
            start = Count;
            return true;
        }
        if (Items.Count == 0 || Items[^1].Index != Count - 1
            || !int.TryParse(Items[^1].Text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out int rest) || rest <= 0)
        {
            Error = "Missing or bad dimensionality, or ambiguous sparse item. Use sparse=- for non-sparse file, and/or quote the value.";
            return false;
        }
        Items.RemoveAt(Items.Count - 1);
        start = --Count;
        size = (int)Math.Min((long)start + rest, int.MaxValue - 1);
        return true;
    }

    private bool Next(ReadOnlyMemory<char> text, ref int at, out int slot, out ReadOnlyMemory<char> field)
    {
        var span = text.Span;
        slot = -1;
        field = default;
        SkipBlanks(span, ref at);
        if (format.AllowSparse && TryReadSlot(span, ref at, out slot))
            SkipBlanks(span, ref at);
        if (at >= span.Length)
            return false;
        if (format.AllowQuoting && span[at] == '"')
            field = ReadQuoted(span, ref at);
        else
        {
            int length = span[at..].IndexOfAny(format.Separators);
            length = length < 0 ? span.Length - at : length;
            field = text.Slice(at, length);
            at += length;
        }
        // Past the separator, if there is one: only then another field follows.
        return at++ < span.Length;
    }

    private void SkipBlanks(ReadOnlySpan<char> span, ref int at)
    {
        while (!_blankSeparates && at < span.Length && span[at] == ' ')
            at++;
    }

    private static bool TryReadSlot(ReadOnlySpan<char> span, ref int at, out int slot)
    {
        int end = at;
        while (end < span.Length && end < at + 9 && char.IsAsciiDigit(span[end]))
            end++;
        slot = -1;
        if (end == at || end >= span.Length || span[end] != ':')
            return false;
        slot = int.Parse(span[at..end], NumberStyles.None, CultureInfo.InvariantCulture);
        at = end + 1;
        return true;
    }

    private ReadOnlyMemory<char> ReadQuoted(ReadOnlySpan<char> span, ref int at)
    {
        _unquoted.Clear();
        bool closed = false;
        for (at++; at < span.Length && !closed; at++)
        {
            bool escapes = span[at] == format.EscapeChar && at + 1 < span.Length;
            if (escapes && span[at + 1] == '"')
                _unquoted.Append(span[++at]);
            else if (escapes && format.EscapeChar != '"')
                _unquoted.Append(span[at]).Append(span[++at]);
            else if (span[at] == '"')
                closed = true;
            else
                _unquoted.Append(span[at]);
        }
        // Only blanks may stand between the closing quote and the next separator.
        bool clean = closed;
        for (; at < span.Length && !format.Separators.Contains(span[at]); at++)
            clean &= span[at] == ' ';
        if (!clean)
            Error = "Illegal quoting";
        return clean ? _unquoted.ToString().AsMemory() : default;
    }
}
