using System.Runtime.InteropServices;

namespace MLPipelines.Tokenizers;

/// <summary>Words that are cut into single characters, and grow together again: the two neighbouring pieces that are most frequent become one, over and over.</summary>
/// <remarks>
/// A piece that does not begin its word is written with <c>##</c>. Counts and places of pairs are kept up to date from one merge to the next, so a merge costs what it changes.
/// Source: https://arxiv.org/abs/1508.07909 (byte-pair encoding), with the pieces of WordPiece.
/// </remarks>
sealed class PieceMerges
{
    readonly int _minimumFrequency;
    readonly int _maximumLength;
    readonly List<string> _pieces = [];
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly List<Word> _words = [];
    readonly Dictionary<(int, int), Pair> _pairs = [];
    readonly PriorityQueue<(int First, int Second), Rank> _queue = new();
    readonly HashSet<(int, int)> _grown = [];

    /// <summary>Cuts words into characters and counts the pairs.</summary>
    /// <param name="words">Words of at least one character, and how often each occurs.</param>
    /// <param name="minimumFrequency">How often a pair has to occur to become one piece.</param>
    /// <param name="maximumLength">The longest piece, in UTF-16 units without the <c>##</c>.</param>
    public PieceMerges(IEnumerable<KeyValuePair<string, long>> words, int minimumFrequency, int maximumLength)
    {
        (_minimumFrequency, _maximumLength) = (minimumFrequency, maximumLength);
        foreach (var (word, count) in words)
        {
            var pieces = new List<int>(word.Length);
            foreach (var rune in word.EnumerateRunes()) pieces.Add(IdOf(pieces.Count == 0 ? rune.ToString() : "##" + rune));
            for (var i = 1; i < pieces.Count; i++) Add(pieces[i - 1], pieces[i], count, _words.Count);
            _words.Add(new(pieces, count));
        }

        QueueGrown();
    }

    /// <summary>Merges until no pair is frequent enough, and gives each piece that was not there before.</summary>
    /// <remarks>To be enumerated once. Of equally frequent pairs the one whose code units come first is merged first, whatever the order of the words.</remarks>
    public IEnumerable<string> Merge()
    {
        while (_queue.TryDequeue(out var pair, out var rank))
        {
            if (!_pairs.TryGetValue(pair, out var found) || found.Count > rank.Count) continue; // merged already, or queued again with what it has grown to
            if (found.Count < rank.Count)
            {
                Queue(pair, found.Count);
                continue;
            }

            var text = Joined(pair);
            var isNew = !_ids.ContainsKey(text);
            var merged = IdOf(text);
            foreach (var word in found.Words) MergeIn(word, pair, merged);
            _pairs.Remove(pair);
            QueueGrown();
            if (isNew) yield return text;
        }
    }

    void MergeIn(int index, (int First, int Second) pair, int merged)
    {
        var (pieces, count) = _words[index];
        var kept = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            if (i + 1 == pieces.Count || (pieces[i], pieces[i + 1]) != pair)
            {
                pieces[kept++] = pieces[i];
                continue;
            }

            if (kept > 0) Replace((pieces[kept - 1], pair.First), (pieces[kept - 1], merged));
            if (i + 2 < pieces.Count) Replace((pair.Second, pieces[i + 2]), (merged, pieces[i + 2]));
            pieces[kept++] = merged;
            i++;
        }

        pieces.RemoveRange(kept, pieces.Count - kept);

        void Replace((int, int) old, (int, int) made)
        {
            if (_pairs.TryGetValue(old, out var found) && (found.Count -= count) == 0) _pairs.Remove(old);
            Add(made.Item1, made.Item2, count, index);
        }
    }

    void Add(int first, int second, long count, int word)
    {
        ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, (first, second), out _);
        pair ??= new();
        pair.Count += count;
        if (pair.Words.Count == 0 || pair.Words[^1] != word) pair.Words.Add(word);
        _grown.Add((first, second));
    }

    void QueueGrown()
    {
        foreach (var pair in _grown)
        {
            if (_pairs.TryGetValue(pair, out var found)) Queue(pair, found.Count);
        }

        _grown.Clear();
    }

    void Queue((int First, int Second) pair, long count)
    {
        var (first, second) = (_pieces[pair.First], _pieces[pair.Second]);
        var length = first.Length + second.Length - 2 - (first.StartsWith("##", StringComparison.Ordinal) ? 2 : 0);
        if (count >= _minimumFrequency && length <= _maximumLength) _queue.Enqueue(pair, new(count, first, second));
    }

    string Joined((int First, int Second) pair) => _pieces[pair.First] + _pieces[pair.Second][2..];

    int IdOf(string piece)
    {
        if (_ids.TryGetValue(piece, out var id)) return id;
        _pieces.Add(piece);
        return _ids[piece] = _pieces.Count - 1;
    }

    readonly record struct Word(List<int> Pieces, long Count);

    sealed class Pair
    {
        public long Count;

        /// <summary>The words that have the pair, or had it; one may be there twice.</summary>
        public readonly List<int> Words = [];
    }

    readonly record struct Rank(long Count, string First, string Second) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            var order = other.Count.CompareTo(Count);
            if (order == 0) order = string.CompareOrdinal(First, other.First);
            return order != 0 ? order : string.CompareOrdinal(Second, other.Second);
        }
    }
}
