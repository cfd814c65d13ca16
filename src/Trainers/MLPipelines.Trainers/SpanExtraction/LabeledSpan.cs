namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>A stretch of text with a label.</summary>
/// <param name="Start">First UTF-16 index.</param>
/// <param name="End">UTF-16 index after the last one.</param>
/// <param name="Label">The label.</param>
public readonly record struct LabeledSpan(int Start, int End, string Label);
