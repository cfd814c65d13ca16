namespace MLPipelines.Tokenizers;

/// <summary>The pieces of normalised words: the longest entry of the vocabulary that the rest of the word begins with, again and again.</summary>
/// <remarks>Immutable; a look-up allocates nothing. Source: https://arxiv.org/abs/1609.08144.</remarks>
sealed class WordPieces
{
    const string Continuation = "##";

    readonly int _unknown;
    readonly int _maximumLength;
    readonly int _longestEntry;
    readonly int[] _characters = new int[char.MaxValue + 1];
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _beginnings;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuations;

    public WordPieces(IReadOnlyList<string> vocabulary, int unknown, int maximumLength)
    {
        (_unknown, _maximumLength, _longestEntry) = (unknown, maximumLength, vocabulary.Max(entry => entry.Length));
        Array.Fill(_characters, unknown);
        foreach (var (id, entry) in vocabulary.Index())
        {
            if (entry.Length == 1) _characters[entry[0]] = id;
        }

        _beginnings = Lookup(vocabulary.Index().Select(entry => (entry.Item, entry.Index)));
        _continuations = Lookup(vocabulary.Index().Where(entry => entry.Item.Length > Continuation.Length && entry.Item.StartsWith(Continuation, StringComparison.Ordinal))
            .Select(entry => (entry.Item[Continuation.Length..], entry.Index)));
    }

    /// <summary>The id of a word of one UTF-16 unit.</summary>
    public int OfCharacter(char c) => _characters[c];

    /// <summary>The id of a word that is an entry as a whole.</summary>
    public bool TryGetWord(ReadOnlySpan<char> word, out int id)
    {
        id = _unknown;
        return word.Length <= _longestEntry && _beginnings.TryGetValue(word, out id);
    }

    /// <summary>Adds the pieces of a word in the buffer as tokens; one unknown token where the vocabulary cannot express it or it is too long.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="from">Where the word begins among its characters.</param>
    /// <param name="count">How many the word has.</param>
    public void Split(TokenBuffer buffer, int from, int count)
    {
        ReadOnlySpan<char> word = buffer.Word.AsSpan(from, count);
        var before = buffer.Count;
        if (word.Length <= _maximumLength || Characters(word) <= _maximumLength)
        {
            var at = 0;
            while (at < word.Length && Longest(at == 0 ? _beginnings : _continuations, word[at..], out var id) is > 0 and var length)
            {
                buffer.Add(id, buffer.WordStarts[from + at], buffer.WordEnds[from + at + length - 1]);
                at += length;
            }

            if (at == word.Length) return;
        }

        buffer.RemoveFrom(before);
        buffer.Add(_unknown, buffer.WordStarts[from], buffer.WordEnds[from + count - 1]);
    }

    /// <summary>The length of the longest entry that a text begins with; 0 when there is none.</summary>
    int Longest(Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> entries, ReadOnlySpan<char> text, out int id)
    {
        for (var length = Math.Min(text.Length, _longestEntry); length > 0; length--)
        {
            if (entries.TryGetValue(text[..length], out id)) return length;
        }

        id = _unknown;
        return 0;
    }

    static Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup(IEnumerable<(string Entry, int Id)> entries)
        => entries.ToDictionary(entry => entry.Entry, entry => entry.Id, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    static int Characters(ReadOnlySpan<char> word)
    {
        var count = 0;
        foreach (var c in word)
        {
            if (!char.IsLowSurrogate(c)) count++;
        }

        return count;
    }
}
