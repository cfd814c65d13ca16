namespace Microsoft.ML.Data;

/// <summary>How well scores match labels over classes.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounters counters, int topKPredictionCount, ConfusionMatrix confusionMatrix)
    {
        LogLoss = counters.LogLoss;
        LogLossReduction = counters.LogLossReduction;
        MacroAccuracy = counters.MacroAccuracy;
        MicroAccuracy = counters.MicroAccuracy;
        TopKPredictionCount = topKPredictionCount;
        TopKAccuracyForAllK = topKPredictionCount > 0 ? counters.TopKAccuracies(topKPredictionCount) : null;
        PerClassLogLoss = counters.PerClassLogLoss;
        ConfusionMatrix = confusionMatrix;
    }

    /// <summary>The mean of −ln of the probability given to the label.</summary>
    public double LogLoss { get; }

    /// <summary>How much of the labels' entropy the scores explain: (entropy − log-loss) / entropy.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean over the classes that occur of the share of their rows that is predicted rightly.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The share of rows that is predicted rightly.</summary>
    public double MicroAccuracy { get; }

    public double TopKAccuracy => TopKAccuracyForAllK is { Count: > 0 } accuracies ? accuracies[^1] : 0;

    public int TopKPredictionCount { get; }

    /// <summary>For each k up to the count asked for, the share of rows with the label among the k highest scores.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
