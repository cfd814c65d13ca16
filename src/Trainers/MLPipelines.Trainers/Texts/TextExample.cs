using MLPipelines.Scoring;

namespace MLPipelines.Trainers.Texts;

/// <summary>One training sequence: a whole text or pair, or one window of a long text.</summary>
/// <param name="Sequence">What the encoder reads.</param>
/// <param name="Row">The index of the row that it comes from, and whose target it has.</param>
sealed record TextExample(TextSequence Sequence, int Row);
