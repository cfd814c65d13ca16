namespace MLPipelines.Trainers.Classification;

/// <summary>How well predicted classes agree with the given ones, beyond what ML.NET's own metrics say.</summary>
public sealed record ClassificationMetrics
{
    internal ClassificationMetrics(IReadOnlyDictionary<string, ClassMetrics> perLabel)
    {
        PerLabel = perLabel;
        var support = perLabel.Values.Sum(c => c.Support);
        Accuracy = support == 0 ? 0 : (double)perLabel.Values.Sum(c => c.Correct) / support;
        MacroF1 = perLabel.Count == 0 ? 0 : perLabel.Values.Average(c => c.F1);
    }

    /// <summary>Rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The part of the rows whose class is predicted, in [0, 1]: ML.NET's <c>MicroAccuracy</c>.</summary>
    public double Accuracy { get; }

    /// <summary>The mean F1 over the classes that are given or predicted, each weighing the same, in [0, 1].</summary>
    public double MacroF1 { get; }

    /// <summary>The mean of −ln of the probability of the given class, at least 0.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Numbers of each class that is given or predicted, in ordinal order.</summary>
    public IReadOnlyDictionary<string, ClassMetrics> PerLabel { get; }
}
