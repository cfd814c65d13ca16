using MLPipelines.Scoring;

namespace MLPipelines.Classification;

/// <summary>A text, or a pair of texts, on its way through a scorer.</summary>
/// <param name="sequences">What the encoder reads: one sequence, or the windows of a long text.</param>
public sealed class TextRow(IReadOnlyList<TextSequence> sequences)
{
    /// <summary>What the encoder reads.</summary>
    public IReadOnlyList<TextSequence> Sequences => sequences;

    /// <summary>The raw scores, one for each class or label; empty before scoring.</summary>
    public float[] Scores { get; set; } = [];
}
