namespace MLPipelines.Trainers.Classification;

/// <summary>Adds up how predicted classes and probabilities agree with the given classes over rows.</summary>
sealed class ClassificationCounter(IReadOnlyList<string> classes)
{
    const double Smallest = 1e-15;

    readonly (long Correct, long Predicted, long Support)[] counts = new (long, long, long)[classes.Count];
    long rows;
    double logLoss;

    /// <param name="gold">The given class.</param>
    /// <param name="predicted">The predicted class.</param>
    /// <param name="probability">The probability that was reported for the given class.</param>
    public void Add(int gold, int predicted, double probability)
    {
        rows++;
        counts[gold].Support++;
        counts[predicted].Predicted++;
        if (gold == predicted) counts[gold].Correct++;
        logLoss -= Math.Log(Math.Max(probability, Smallest));
    }

    public ClassificationMetrics Result() => new(new SortedDictionary<string, ClassMetrics>(
        counts.Select((count, i) => (Name: classes[i], Metrics: new ClassMetrics(count.Correct, count.Predicted, count.Support))).Where(x => x.Metrics.Support + x.Metrics.Predicted > 0)
            .ToDictionary(x => x.Name, x => x.Metrics), StringComparer.Ordinal))
    {
        Rows = rows,
        LogLoss = rows == 0 ? 0 : logLoss / rows,
    };
}
