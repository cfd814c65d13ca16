using MLPipelines.Tokenizers;

namespace MLPipelines.Scoring;

/// <summary>Splits texts that are longer than an encoder accepts into overlapping windows, and says which window answers for which span.</summary>
public static class TextWindows
{
    /// <summary>Splits a text.</summary>
    /// <remarks>All windows of a long text are full: the last one begins earlier rather than being short. Every token is in at least one window.</remarks>
    /// <param name="text">The text.</param>
    /// <param name="maximumLength">The longest sequence, the two special tokens included; at least 3.</param>
    /// <param name="overlap">How many tokens neighbouring windows share, at least. Longer spans across a border cannot be found. At most half a window is used.</param>
    /// <returns>The windows in order; none for a text without tokens.</returns>
    public static IReadOnlyList<TextWindow> Split(TokenizedText text, int maximumLength, int overlap)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 3);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        if (text.Count == 0) return [];
        var width = maximumLength - 2;
        if (text.Count <= width) return [new(text, 0, text.Count)];

        var step = width - Math.Min(overlap, width / 2);
        var windows = new List<TextWindow>();
        for (var first = 0; first + width < text.Count; first += step) windows.Add(new(text, first, width));
        windows.Add(new(text, text.Count - width, width));
        return windows;
    }

    /// <summary>Which window answers for a span: the one that shows most of the text on the span's shorter side.</summary>
    /// <remarks>
    /// Every span that lies in several windows is answered by exactly one, so results need no merging; and what looks like a span at the
    /// border of a window is left to the neighbour that sees its other side.
    /// </remarks>
    /// <param name="windows">The windows of one text, in order.</param>
    /// <param name="first">The span's first token in the text.</param>
    /// <param name="last">The span's last token in the text.</param>
    /// <returns>The index of the window, or −1 when no window contains the span.</returns>
    public static int Owner(IReadOnlyList<TextWindow> windows, int first, int last)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var (owner, best) = (-1, -1);
        for (var i = 0; i < windows.Count; i++)
        {
            var (text, begin, count) = windows[i];
            if (first < begin || last >= begin + count) continue;
            var left = begin == 0 ? int.MaxValue : first - begin;
            var right = begin + count == text.Count ? int.MaxValue : begin + count - 1 - last;
            var context = Math.Min(left, right);
            if (context > best) (owner, best) = (i, context);
        }

        return owner;
    }
}
