using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Tokenizers;

/// <summary>Builds a WordPiece vocabulary from texts.</summary>
/// <remarks>
/// First the special entries; then every character of the texts, on its own and, where it occurs in a word of several, with <c>##</c> before it, so that
/// every word of these characters can be expressed; then the most frequent of whole words and <c>##</c> word ends up to the size. Ties are ordered by
/// the entry's code units, so equal texts in any order give equal vocabularies.
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
        var words = Count(texts, tokenizer ?? new());

        var entries = new List<string>(s_special);
        var known = new HashSet<string>(entries, StringComparer.Ordinal);
        Add(ByFrequency(Characters(words), minimum: 1));
        Add(ByFrequency(Candidates(words, options.MaximumPieceLength), options.MinimumFrequency).Take(Math.Max(0, options.Size - entries.Count)));
        return entries;

        void Add(IEnumerable<string> more) => entries.AddRange(more.Where(known.Add));
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

    /// <summary>Whole words of more than one character, and their ends.</summary>
    static IEnumerable<(string, long)> Candidates(Dictionary<string, long> words, int maximumLength)
    {
        foreach (var (word, count) in words)
        {
            if (word.Length <= 1) continue;
            if (word.Length <= maximumLength) yield return (word, count);
            for (var start = Math.Max(1, word.Length - maximumLength); start < word.Length - 1; start++)
            {
                if (!char.IsLowSurrogate(word[start])) yield return ("##" + word[start..], count);
            }
        }
    }

    static IEnumerable<string> ByFrequency(IEnumerable<(string Entry, long Count)> entries, long minimum)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (entry, count) in entries) counts[entry] = counts.GetValueOrDefault(entry) + count;
        return counts.Where(pair => pair.Value >= minimum).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key);
    }

    /// <summary>Size and limits.</summary>
    public sealed record Options
    {
        /// <summary>The number of entries aimed at; characters are all included even if there are more.</summary>
        /// <value>The default is 20000.</value>
        [Range(5, 10_000_000)] public int Size { get; init; } = 20_000;

        /// <summary>How often a word or piece of several characters has to occur.</summary>
        /// <value>The default is 2.</value>
        [Range(1, 1_000_000)] public int MinimumFrequency { get; init; } = 2;

        /// <summary>The longest word or word end, in UTF-16 units.</summary>
        /// <value>The default is 24.</value>
        [Range(1, 1000)] public int MaximumPieceLength { get; init; } = 24;
    }
}
