using System.Runtime.CompilerServices;

namespace MLPipelines.Tokenizers;

/// <summary>Growing arrays that one thread reuses from text to text.</summary>
sealed class TokenBuffer
{
    // What one huge text needed is not kept for ever.
    const int MostKept = 1 << 18;

    [ThreadStatic]
    static TokenBuffer? s_current;

    int[] _ids = new int[256];
    int[] _starts = new int[256];
    int[] _ends = new int[256];
    double[] _scores = [];
    int[] _wordsEnd = [];

    /// <summary>The buffer of this thread, emptied.</summary>
    public static TokenBuffer Rent()
    {
        if (s_current is null || s_current._ids.Length > MostKept || s_current.Word.Length > MostKept) s_current = new();
        var buffer = s_current;
        (buffer.Count, buffer.WordLength) = (0, 0);
        return buffer;
    }

    /// <summary>The number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>The normalised characters of the word being read.</summary>
    public char[] Word { get; private set; } = new char[256];

    /// <summary>Where each of them begins in the text.</summary>
    public int[] WordStarts { get; private set; } = new int[256];

    /// <summary>Where each of them ends in the text.</summary>
    public int[] WordEnds { get; private set; } = new int[256];

    /// <summary>The number of them.</summary>
    public int WordLength { get; set; }

    /// <summary>Room for a number and a place for each character of <see cref="Word"/>, and one more.</summary>
    public (double[] Scores, int[] Ends) Room()
    {
        if (_scores.Length <= WordLength) (_scores, _wordsEnd) = (new double[Word.Length + 1], new int[Word.Length + 1]);
        return (_scores, _wordsEnd);
    }

    /// <summary>Adds a normalised character to the word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(char c, int start, int end)
    {
        if (WordLength == Word.Length) GrowWord();
        Word[WordLength] = c;
        WordStarts[WordLength] = start;
        WordEnds[WordLength++] = end;
    }

    /// <summary>Adds a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length) Grow();
        _ids[Count] = id;
        _starts[Count] = start;
        _ends[Count++] = end;
    }

    /// <summary>Takes the last tokens back.</summary>
    /// <param name="count">How many stay.</param>
    public void RemoveFrom(int count) => Count = count;

    /// <summary>Makes the character or token before it include a combining mark, if it stands right before.</summary>
    public void Extend(int start, int end)
    {
        if (WordLength > 0)
        {
            // All parts of one character end together.
            for (var i = WordLength - 1; i >= 0 && WordEnds[i] == start; i--) WordEnds[i] = end;
        }
        else
        {
            for (var i = Count - 1; i >= 0 && _ends[i] == start; i--) _ends[i] = end;
        }
    }

    /// <summary>The tokens.</summary>
    public TokenizedText ToText() => new(_ids.AsSpan(0, Count).ToArray(), _starts.AsSpan(0, Count).ToArray(), _ends.AsSpan(0, Count).ToArray());

    void Grow()
    {
        Array.Resize(ref _ids, 2 * Count);
        Array.Resize(ref _starts, 2 * Count);
        Array.Resize(ref _ends, 2 * Count);
    }

    void GrowWord()
    {
        (Word, WordStarts, WordEnds) = (Longer(Word), Longer(WordStarts), Longer(WordEnds));

        static T[] Longer<T>(T[] array)
        {
            Array.Resize(ref array, 2 * array.Length);
            return array;
        }
    }
}
