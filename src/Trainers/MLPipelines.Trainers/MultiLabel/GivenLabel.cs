namespace MLPipelines.Trainers.MultiLabel;

/// <summary>A label of a row and how far it applies.</summary>
/// <param name="Name">The label.</param>
/// <param name="Probability">In [0, 1]: 1 where it applies for certain.</param>
readonly record struct GivenLabel(string Name, float Probability);
