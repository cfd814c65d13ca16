using MLPipelines.Tokenizers;

namespace MLPipelines.Spans;

/// <summary>A text on its way through <see cref="SpanExtractionScorer"/>.</summary>
/// <param name="text">The text.</param>
/// <param name="tokens">Its tokens.</param>
public sealed class SpanRow(string text, TokenizedText tokens)
{
    /// <summary>The text.</summary>
    public string Text => text;

    /// <summary>Its tokens.</summary>
    public TokenizedText Tokens => tokens;

    /// <summary>The spans found, ordered by start, end and entity type; empty before scoring.</summary>
    public IReadOnlyList<PredictedSpan> Spans { get; set; } = [];
}
