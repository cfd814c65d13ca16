namespace MLPipelines.Trainers.Training;

/// <summary>The result of one pass over the validation set.</summary>
/// <param name="Name">The metric that decides which epoch is best.</param>
/// <param name="Value">Its value; larger is better.</param>
/// <param name="All">All metrics by name, including the deciding one.</param>
public sealed record ValidationMetrics(string Name, double Value, IReadOnlyDictionary<string, double> All);
