using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Tokenizers;

/// <summary>Builds a WordPiece vocabulary from texts.</summary>
/// <remarks>
/// First the special entries; then every character of the texts, on its own and, where it occurs in a word of several, with <c>##</c> before it, so that
/// every word of these characters can be expressed; then, up to the size, the pieces that arise when the two neighbouring pieces that are most frequent are
/// joined again and again (byte-pair encoding), in this order. Ties are ordered by code units, so equal texts in any order give equal vocabularies.
/// Sources: https://arxiv.org/abs/1508.07909; joining by frequency is what https://github.com/huggingface/tokenizers does for WordPiece.
/// </remarks>
public static class VocabularyBuilder
{
    static readonly string[] s_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Builds a vocabulary.</summary>
    /// <param name="texts">The texts; read once.</param>
    /// <param name="tokenizer">How the tokenizer that will use the vocabulary treats text; undetermined case means lower case.</param>
    /// <param name="options">Size and limits; null stands for the defaults.</param>
    /// <returns>The entries in the order of their ids.</returns>
    public static IReadOnlyList<string> Build(IEnumerable<string> texts, WordPieceTextTokenizer.Options? tokenizer = null, Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options = OptionsValidator.Validate(options ?? new(), nameof(VocabularyBuilder));
        tokenizer ??= new();
        var words = Count(texts, tokenizer);

        var entries = new List<string>(s_special);
        entries.AddRange(ByFrequency(Characters(words)));
        var merges = new PieceMerges(words.Where(word => word.Key.Length <= tokenizer.MaximumWordLength), options.MinimumFrequency, options.MaximumPieceLength);
        entries.AddRange(merges.Merge().Take(Math.Max(0, options.Size - entries.Count)));
        return entries;
    }

    static Dictionary<string, long> Count(IEnumerable<string> texts, WordPieceTextTokenizer.Options tokenizer)
    {
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var word in WordPieceTextTokenizer.Words(text, tokenizer)) words[word] = words.GetValueOrDefault(word) + 1;
        }

        return words;
    }

    static IEnumerable<(string, long)> Characters(Dictionary<string, long> words)
    {
        foreach (var (word, count) in words)
        {
            foreach (var rune in word.EnumerateRunes())
            {
                yield return (rune.ToString(), count);
                if (word.Length > rune.Utf16SequenceLength) yield return ("##" + rune, count);
            }
        }
    }

    static IEnumerable<string> ByFrequency(IEnumerable<(string Entry, long Count)> entries)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (entry, count) in entries) counts[entry] = counts.GetValueOrDefault(entry) + count;
        return counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key);
    }

    /// <summary>Size and limits.</summary>
    public sealed record Options
    {
        /// <summary>The number of entries aimed at; characters are all included even if there are more.</summary>
        /// <value>The default is 20000.</value>
        [Range(5, 10_000_000)] public int Size { get; init; } = 20_000;

        /// <summary>How often two neighbouring pieces have to occur to become one, so a word of the vocabulary at least as often.</summary>
        /// <value>The default is 2.</value>
        [Range(1, 1_000_000)] public int MinimumFrequency { get; init; } = 2;

        /// <summary>The longest piece, in UTF-16 units without the <c>##</c>.</summary>
        /// <value>The default is 24.</value>
        [Range(1, 1000)] public int MaximumPieceLength { get; init; } = 24;
    }
}
