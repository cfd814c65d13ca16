using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLPipelines.Host.Settings;

/// <summary>How names are written, compared and suggested.</summary>
internal static partial class Names
{
    /// <summary><c>BatchSize</c> becomes <c>batch-size</c>.</summary>
    internal static string Kebab(string name) => WordStart().Replace(name, "-$0").ToLowerInvariant();

    /// <summary><c>batch-size</c> becomes <c>batchSize</c>.</summary>
    internal static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));

    /// <summary>What makes two spellings the same name: <c>batch-size</c>, <c>batchSize</c> and <c>batch_size</c> are one.</summary>
    internal static string Key(string name) => name.Replace("-", "").Replace("_", "").ToLowerInvariant();

    /// <summary>The known name that is closest to a mistyped one, or null when none is close.</summary>
    internal static string? Nearest(string name, IEnumerable<string> known)
    {
        var wanted = Key(name);
        var best = known.Select(candidate => (candidate, Distance: Distance(wanted, Key(candidate)))).OrderBy(pair => pair.Distance).FirstOrDefault();
        return best.candidate is not null && best.Distance <= Math.Max(2, wanted.Length / 3) ? best.candidate : null;
    }

    /// <summary>What to say after an unknown key: the known one that is closest, or all of them.</summary>
    internal static string Suggestion(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return Nearest(name, names) is { } nearest ? $" Did you mean \"{nearest}\"?" : $" Known keys: {string.Join(", ", names)}.";
    }

    // Levenshtein distance over two rows.
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])")]
    private static partial Regex WordStart();
}
