namespace MLPipelines.Components;

/// <summary>What somebody may have meant who mistyped a name.</summary>
static class NameSuggestions
{
    /// <summary>The known names that come close to a mistyped one, the closest first; at most three, none when none is close.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">Each known name with the spellings by which it may be meant.</param>
    public static IReadOnlyList<string> Closest(string name, IEnumerable<(string Name, IEnumerable<string> Spellings)> known)
    {
        var limit = Math.Max(2, name.Length / 3);
        return [.. known.Select(candidate => (candidate.Name, Distance: candidate.Spellings.Min(spelling => Distance(name, spelling))))
            .Where(candidate => candidate.Distance <= limit).OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(3).Select(candidate => candidate.Name)];
    }

    // Levenshtein's, over two rows.
    static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[^1];
    }
}
