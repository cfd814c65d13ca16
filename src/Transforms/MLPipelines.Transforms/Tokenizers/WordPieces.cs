using System.Collections.Concurrent;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace MLPipelines.Tokenizers;

/// <summary>The pieces of a normalised word: greedy longest match by <see cref="WordPieceTokenizer"/>, remembered for each word.</summary>
/// <remarks>Safe for concurrent use. A look-up of a known word allocates nothing.</remarks>
sealed class WordPieces
{
    const int MaximumRemembered = 200_000;

    readonly WordPieceTokenizer _tokenizer;
    readonly int _maximumLength;
    readonly int _unknown;
    readonly int[] _characters = new int[char.MaxValue + 1];
    readonly ConcurrentDictionary<string, Piece[]> _words = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Piece[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    int _remembered;

    public WordPieces(IReadOnlyList<string> vocabulary, int unknown, int maximumLength)
    {
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)));
        // The library counts UTF-16 units; we count characters, as BERT does.
        _tokenizer = WordPieceTokenizer.Create(lines, new() { UnknownToken = vocabulary[unknown], MaxInputCharsPerWord = 2 * maximumLength });
        (_unknown, _maximumLength) = (unknown, maximumLength);
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        Array.Fill(_characters, unknown);
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary[id].Length == 1) _characters[vocabulary[id][0]] = id;
        }
    }

    /// <summary>One piece: its id and how many UTF-16 units of the word it covers.</summary>
    public readonly record struct Piece(int Id, int Length);

    /// <summary>The id of a word of one UTF-16 unit.</summary>
    public int OfCharacter(char c) => _characters[c];

    /// <summary>The pieces of a word; one unknown piece where the vocabulary cannot express it or it is too long.</summary>
    public ReadOnlySpan<Piece> Of(ReadOnlySpan<char> word)
    {
        if (_lookup.TryGetValue(word, out var known)) return known;
        if (word.Length > _maximumLength && Characters(word) > _maximumLength) return new Piece[] { new(_unknown, word.Length) };
        var text = word.ToString();
        Piece[] pieces = [.. _tokenizer.EncodeToTokens(text, out _, considerPreTokenization: false, considerNormalization: false)
            .Select(token => new Piece(token.Id, token.Offset.End.Value - token.Offset.Start.Value))];
        if (_remembered < MaximumRemembered && _words.TryAdd(text, pieces)) Interlocked.Increment(ref _remembered);
        return pieces;
    }

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
