namespace MLPipelines.Trainers.Pretraining;

/// <summary>Groups Chinese characters into words by statistics of the texts themselves, for hiding whole words in pretraining.</summary>
/// <remarks>
/// A run of two to four characters is a word where it is frequent and hangs together: it occurs at least five times, and at every place where it could be cut in two it occurs at
/// least 50 times as often as its halves would meet by chance, count(w)·N / (count(a)·count(b)) ≥ 50. A text is cut from left to right into the longest words (forward maximum
/// matching); a character that begins no word is one by itself. It needs no dictionary, and words need not be right: they decide only what is hidden together.
/// </remarks>
sealed class ChineseWords
{
    const int LongestWord = 4;
    const int FewestOccurrences = 5;
    const double Cohesion = 50;
    const int CharactersRead = 5_000_000;

    readonly HashSet<string> words;

    ChineseWords(HashSet<string> words) => this.words = words;

    /// <summary>The number of words learned.</summary>
    public int Count => words.Count;

    /// <summary>Learns words from the first five million Chinese characters of texts.</summary>
    public static ChineseWords Learn(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var characters = 0L;
        foreach (var text in texts)
        {
            for (var begin = 0; begin < text.Length; begin++)
            {
                if (!IsChinese(text[begin])) continue;
                characters++;
                for (var length = 1; length <= LongestWord && begin + length <= text.Length && IsChinese(text[begin + length - 1]); length++)
                {
                    var piece = text.AsSpan(begin, length);
                    lookup[piece] = lookup.TryGetValue(piece, out var count) ? count + 1 : 1;
                }
            }
            if (characters > CharactersRead) break;
        }
        return new([.. counts.Where(pair => pair.Key.Length > 1 && pair.Value >= FewestOccurrences && HangsTogether(pair.Key, pair.Value)).Select(pair => pair.Key)]);

        bool HangsTogether(string word, int count)
        {
            for (var cut = 1; cut < word.Length; cut++)
            {
                if (count * (double)characters < Cohesion * lookup[word.AsSpan(0, cut)] * lookup[word.AsSpan(cut)]) return false;
            }
            return true;
        }
    }

    /// <summary>The length of the word that begins at a Chinese character.</summary>
    public int LengthAt(string text, int index)
    {
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = Math.Min(LongestWord, text.Length - index); length > 1; length--)
        {
            if (lookup.Contains(text.AsSpan(index, length))) return length;
        }
        return 1;
    }

    /// <summary>Whether a character is a Chinese ideograph of the Basic Multilingual Plane.</summary>
    public static bool IsChinese(char c) => c is >= '\u3400' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF';
}
