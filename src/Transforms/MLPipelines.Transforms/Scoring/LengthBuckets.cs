namespace MLPipelines.Scoring;

/// <summary>Groups items of similar length, so that batches hold little padding.</summary>
public static class LengthBuckets
{
    /// <summary>Sorts by length, longest first, and cuts into groups.</summary>
    /// <param name="lengths">The length of each item.</param>
    /// <param name="limit">How many items a group may have whose longest item has the given length; at least 1 is used.</param>
    /// <returns>The indices of the items of each group; every item is in exactly one. Items of one length keep their order.</returns>
    public static IEnumerable<int[]> Group(IReadOnlyList<int> lengths, Func<int, int> limit)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(limit);
        int[] order = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i])];
        for (var at = 0; at < order.Length;)
        {
            var count = Math.Min(Math.Max(1, limit(lengths[order[at]])), order.Length - at);
            yield return order[at..(at + count)];
            at += count;
        }
    }
}
