using MLPipelines.Scoring;

namespace MLPipelines.Trainers.Pretraining;

/// <summary>A sequence with some of its tokens hidden.</summary>
/// <param name="Sequence">What the encoder reads.</param>
/// <param name="Positions">The places that were chosen, ascending.</param>
/// <param name="Ids">The tokens that stood there.</param>
sealed record MaskedSequence(TextSequence Sequence, int[] Positions, int[] Ids);
