namespace MLPipelines.Spans;

/// <summary>A span found in a text.</summary>
/// <param name="Start">Where it begins, a UTF-16 index.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Label">The entity type.</param>
/// <param name="Score">The raw score s, above the threshold; σ(2s) is a probability where the model was trained with the ZLPR loss.</param>
public readonly record struct PredictedSpan(int Start, int End, string Label, float Score);
