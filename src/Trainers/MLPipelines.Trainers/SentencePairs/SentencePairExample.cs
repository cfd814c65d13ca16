using MLPipelines.Scoring;

namespace MLPipelines.Trainers.SentencePairs;

/// <summary>A training pair.</summary>
/// <param name="First">What the encoder reads of the first text.</param>
/// <param name="Second">What the encoder reads of the second text.</param>
/// <param name="Score">How similar they are.</param>
sealed record SentencePairExample(TextSequence First, TextSequence Second, float Score);
