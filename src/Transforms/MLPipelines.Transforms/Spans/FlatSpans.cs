namespace MLPipelines.Spans;

/// <summary>Chooses spans that do not overlap.</summary>
public static class FlatSpans
{
    /// <summary>Keeps a span where no better-scoring kept one shares a character with it: the best of all first, then the next best, and so on.</summary>
    /// <param name="spans">The spans of one text. Of equal scores the earlier in this list wins.</param>
    /// <exception cref="ArgumentException">A span ends before it begins, or begins before the text.</exception>
    /// <returns>Those that stay, in the given order. Touching spans do not overlap.</returns>
    public static IReadOnlyList<PredictedSpan> Of(IReadOnlyList<PredictedSpan> spans)
    {
        ArgumentNullException.ThrowIfNull(spans);
        foreach (var span in spans)
            if (span.Start < 0 || span.End < span.Start) throw new ArgumentException(FormattableString.Invariant($"A span goes from {span.Start} to {span.End}."), nameof(spans));
        if (spans.Count < 2) return spans;
        var taken = new bool[spans.Max(span => span.End)];
        var kept = new bool[spans.Count];
        foreach (var (span, index) in spans.Select((span, index) => (span, index)).OrderByDescending(item => item.span.Score))
        {
            var characters = taken.AsSpan(span.Start..span.End);
            if (characters.Contains(true)) continue;
            characters.Fill(true);
            kept[index] = true;
        }

        return [.. spans.Where((_, index) => kept[index])];
    }
}
