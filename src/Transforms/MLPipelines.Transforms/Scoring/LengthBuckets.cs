namespace MLPipelines.Scoring;

/// <summary>Groups items of similar length, so that batches hold little padding.</summary>
public static class LengthBuckets
{
    /// <summary>Sorts by length, longest first, and cuts into groups. A group of enough tokens ends where an item is shorter than nine tenths of the longest.</summary>
    /// <param name="lengths">The length of each item.</param>
    /// <param name="limit">How many items a group may have whose longest item has the given length; at least 1 is used.</param>
    /// <param name="enoughTokens">The tokens, padding included, below which a batch does not keep its processor busy, so that padding costs less than a batch more.</param>
    /// <returns>The indices of the items of each group; every item is in exactly one. Items of one length keep their order.</returns>
    public static IEnumerable<int[]> Group(IReadOnlyList<int> lengths, Func<int, int> limit, int enoughTokens = 256)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(limit);
        int[] order = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i])];
        for (var at = 0; at < order.Length;)
        {
            var longest = lengths[order[at]];
            var most = Math.Min(Math.Max(1, limit(longest)), order.Length - at);
            var count = 1;
            while (count < most && (IsSimilar(lengths[order[at + count]], longest) || count * longest < enoughTokens)) count++;
            yield return order[at..(at + count)];
            at += count;
        }
    }

    // At most a tenth of padding.
    static bool IsSimilar(int length, int longest) => 10 * length >= 9 * longest;
}
