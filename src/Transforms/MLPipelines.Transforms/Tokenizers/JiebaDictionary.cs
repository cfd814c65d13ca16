using System.Globalization;
using MLPipelines.Components;

namespace MLPipelines.Tokenizers;

/// <summary>The words that jieba knows and how frequent each is, as a tree of prefixes, and its way of cutting text: the most probable sequence of words.</summary>
/// <remarks>
/// <para>
/// P(w₁…wₙ) = Π f(wᵢ)/F, where F is the sum of all frequencies f; a character that no known word covers counts as a word of frequency 1. Of ways that are equally probable the one
/// with the longer word wins, seen from the end of the text. Sums are made in the order of the original, so that rounding decides ties as it does there. This is jieba without its
/// hidden Markov model, <c>cut(text, HMM=False)</c>.
/// </para>
/// <para>
/// The dictionary is jieba's own, a resource of this assembly: <c>eng/JiebaDictionary.targets</c> takes it from the package jieba.NET. The code of that package is not used: it
/// looks for files beside the application that it does not put there, halves characters outside the Basic Multilingual Plane, shares one changeable dictionary in the process, and is slow.
/// </para>
/// Immutable. Source: https://github.com/fxsjy/jieba.
/// </remarks>
sealed class JiebaDictionary
{
    const string Resource = "jieba-dictionary.txt";
    const int Root = 0;

    static readonly Lazy<JiebaDictionary?> s_builtIn = new(ReadBuiltIn);

    // An open hash table from (node, character) to node: parent in 24 bits, character in 16, child in 24. No child is the root, so 0 is a free place.
    ulong[] _edges = new ulong[1 << 16];
    int _shift = 64 - 16;
    double[] _scores = new double[1 << 15];
    int _nodes = 1;
    readonly double _unknown;

    /// <summary>Reads a dictionary: a line holds a word, its frequency and, unread, its part of speech, separated by spaces.</summary>
    /// <param name="lines">The lines; of a word that is there twice the last frequency counts, but the sum of frequencies has both, as in the original.</param>
    /// <exception cref="DataFormatException">A line has no word or no frequency.</exception>
    public JiebaDictionary(IEnumerable<string> lines)
    {
        var total = 0L;
        foreach (var (index, line) in lines.Index())
        {
            var word = line.AsSpan(0, Math.Max(0, line.IndexOf(' ')));
            var rest = line.AsSpan(Math.Min(line.Length, word.Length + 1)).Trim();
            var end = rest.IndexOf(' ');
            if (word.Length == 0 || !int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var frequency))
                throw new DataFormatException("a line of the dictionary is malformed", Resource, index + 1, expected: "a word and its frequency", found: line.Length == 0 ? "an empty line" : line);
            var node = Root;
            foreach (var c in word) node = Make(node, c);
            _scores[node] = frequency;
            total += frequency;
        }

        // From here on: the logarithm of the share of each word; what only begins words has none.
        var logTotal = Math.Log(total);
        for (var node = 0; node < _nodes; node++) _scores[node] = _scores[node] > 0 ? Math.Log(_scores[node]) - logTotal : double.NegativeInfinity;
        _unknown = Math.Log(1) - logTotal;
    }

    /// <summary>Whether this build has jieba's dictionary; asking does not read it.</summary>
    public static bool IsBuiltIn { get; } = typeof(JiebaDictionary).Assembly.GetManifestResourceInfo(Resource) is not null;

    /// <summary>Jieba's dictionary, read when first needed and shared by every tokenizer of the process.</summary>
    /// <exception cref="InvalidOperationException">This build does not have it.</exception>
    public static JiebaDictionary BuiltIn => s_builtIn.Value ?? throw Failures.NoJiebaDictionary();

    /// <summary>Finds the most probable words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scores">Room for one number more than the text has characters; what it holds afterwards is of no use.</param>
    /// <param name="ends">Filled with where the word ends that would begin at each character; the words of the text are found by following it from 0.</param>
    public void Cut(ReadOnlySpan<char> text, Span<double> scores, Span<int> ends)
    {
        scores[text.Length] = 0;
        for (var begin = text.Length - 1; begin >= 0; begin--)
        {
            var (best, bestEnd) = (double.NegativeInfinity, 0);
            for (int at = begin, node = Root; at < text.Length && (node = Child(node, text[at])) != Root; at++)
            {
                var word = _scores[node];
                if (word == double.NegativeInfinity || word + scores[at + 1] < best) continue;
                (best, bestEnd) = (word + scores[at + 1], at + 1);
            }

            (scores[begin], ends[begin]) = bestEnd > 0 ? (best, bestEnd) : (_unknown + scores[begin + 1], begin + 1);
        }
    }

    static JiebaDictionary? ReadBuiltIn()
    {
        using var stream = typeof(JiebaDictionary).Assembly.GetManifestResourceStream(Resource);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return new(Lines(reader));

        static IEnumerable<string> Lines(StreamReader reader)
        {
            while (reader.ReadLine() is { } line) yield return line;
        }
    }

    /// <summary>The node after a character; the root when nothing goes on that way.</summary>
    int Child(int node, char c) => (int)(_edges[Place(node, c)] & 0xFFFFFF);

    int Make(int node, char c)
    {
        var place = Place(node, c);
        if (_edges[place] != 0) return Child(node, c);
        if (_nodes == _scores.Length) Array.Resize(ref _scores, 2 * _nodes);
        _edges[place] = (Key(node, c) << 24) | (uint)_nodes;
        if (2 * _nodes == _edges.Length) Grow();
        return _nodes++;
    }

    /// <summary>Where an edge is, or would be.</summary>
    int Place(int node, char c)
    {
        var key = Key(node, c);
        var place = (int)((key * 0x9E3779B97F4A7C15) >> _shift);
        while (_edges[place] != 0 && _edges[place] >> 24 != key) place = (place + 1) & (_edges.Length - 1);
        return place;
    }

    static ulong Key(int node, char c) => ((ulong)(uint)node << 16) | c;

    void Grow()
    {
        var old = _edges;
        (_edges, _shift) = (new ulong[2 * old.Length], _shift - 1);
        foreach (var edge in old)
        {
            if (edge != 0) _edges[Place((int)(edge >> 40), (char)((edge >> 24) & 0xFFFF))] = edge;
        }
    }
}
