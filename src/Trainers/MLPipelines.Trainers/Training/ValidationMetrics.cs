namespace MLPipelines.Trainers.Training;

/// <summary>The result of one pass over the validation set.</summary>
/// <param name="Name">The metric that decides which epoch is best.</param>
/// <param name="Value">Its value; larger is better.</param>
/// <param name="All">All metrics by name, including the deciding one.</param>
public sealed record ValidationMetrics(string Name, double Value, IReadOnlyDictionary<string, double> All)
{
    /// <summary>Decides between epochs of equal <see cref="Value"/>; larger is better.</summary>
    /// <value>The default is 0: the earlier epoch stays the best.</value>
    public double Second { get; init; }

    /// <summary>Whether this result is better than another one. What is not a number is worse than any number.</summary>
    /// <param name="other">The other result, of the same metric.</param>
    public bool IsBetterThan(ValidationMetrics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (double.IsNaN(other.Value)) return !double.IsNaN(Value);
        return Value > other.Value || (Value == other.Value && Second > other.Second);
    }
}
