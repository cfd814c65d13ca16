using MLPipelines.Scoring;

namespace MLPipelines.Embeddings;

/// <summary>A text on its way through a sentence embedding.</summary>
public sealed class SentenceRow
{
    float[] _vector = [];
    float _tokens;

    /// <summary>Begins with a text.</summary>
    /// <param name="windows">What the encoder reads of it, as <see cref="TextSequences.Of"/> gives it.</param>
    public SentenceRow(IReadOnlyList<TextSequence> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        Windows = windows;
    }

    /// <summary>What the encoder reads of the text: one sequence, or the overlapping windows of a text that is too long for one.</summary>
    public IReadOnlyList<TextSequence> Windows { get; }

    /// <summary>The vector; empty before scoring.</summary>
    public ReadOnlySpan<float> Vector => _vector;

    internal float[] Values => _vector;

    internal void Begin(int size) => (_vector, _tokens) = (new float[size], 0);

    /// <summary>Adds the vector of a window, weighted by its tokens.</summary>
    internal void Add(ReadOnlySpan<float> vector, int tokens)
    {
        _tokens += tokens;
        var part = tokens / _tokens; // a running mean, and exactly the vector where there is one window
        for (var i = 0; i < _vector.Length; i++) _vector[i] += (vector[i] - _vector[i]) * part;
    }

    internal void Normalize()
    {
        var square = 0.0;
        foreach (var x in _vector) square += (double)x * x;
        // A vector of zeros has no direction and stays.
        var length = square > 0 ? Math.Sqrt(square) : 1;
        for (var i = 0; i < _vector.Length; i++) _vector[i] = (float)(_vector[i] / length);
    }
}
