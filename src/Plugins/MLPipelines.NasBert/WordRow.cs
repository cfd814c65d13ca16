namespace MLPipelines.NasBert;

/// <summary>A text on its way, with a tag for each word.</summary>
/// <param name="text">The text.</param>
/// <param name="tags">The tags, in the order of the words.</param>
public sealed class WordRow(string text, IReadOnlyList<string> tags)
{
    internal const string NoTag = "O";

    /// <summary>Follows the words of every text; see <see cref="WordTextScorer"/>.</summary>
    internal const string WordAtEnd = ".";

    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>The tags, in the order of the words.</summary>
    public IReadOnlyList<string> Tags { get; set; } = tags;

    /// <summary>Neighbouring words with the same tag, joined.</summary>
    public IReadOnlyList<(int Start, int End, string Label)> Spans { get; set; } = [];

    /// <summary>Where words stand: between white space.</summary>
    internal static IEnumerable<(int Start, int End)> Words(string text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            if (end > start) yield return (start, end);
            start = end;
        }
    }
}
