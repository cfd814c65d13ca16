namespace MLPipelines.Trainers.MultiLabel;

/// <summary>How well predicted labels, probabilities and scores agree with the given labels.</summary>
/// <remarks>
/// A label given with a probability counts as true above ½, except in <see cref="LogLoss"/> and <see cref="Calibration"/>, which use the probability itself. A quotient with denominator 0 is 0.
/// Definitions agree with scikit-learn's <c>f1_score</c>, <c>accuracy_score</c>, <c>hamming_loss</c>, <c>label_ranking_loss</c> and <c>label_ranking_average_precision_score</c>.
/// </remarks>
public sealed record MultiLabelMetrics
{
    internal MultiLabelMetrics(IReadOnlyDictionary<string, MultiLabelLabelMetrics> perLabel)
    {
        PerLabel = perLabel;
        var (correct, predicted, support) = (perLabel.Values.Sum(l => l.Correct), perLabel.Values.Sum(l => l.Predicted), perLabel.Values.Sum(l => l.Support));
        var all = new MultiLabelLabelMetrics(correct, predicted, support);
        (MicroPrecision, MicroRecall, MicroF1) = (all.Precision, all.Recall, all.F1);
        MacroF1 = perLabel.Count == 0 ? 0 : perLabel.Values.Average(l => l.F1);
    }

    /// <summary>Rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Precision over all pairs of a row and a label, in [0, 1].</summary>
    public double MicroPrecision { get; }

    /// <summary>Recall over all pairs of a row and a label, in [0, 1].</summary>
    public double MicroRecall { get; }

    /// <summary>F1 over all pairs of a row and a label, in [0, 1].</summary>
    public double MicroF1 { get; }

    /// <summary>The mean of the labels' F1, each label weighing the same, in [0, 1].</summary>
    public double MacroF1 { get; }

    /// <summary>The part of the rows whose labels are all right, in [0, 1].</summary>
    public required double SubsetAccuracy { get; init; }

    /// <summary>The part of the pairs of a row and a label that is wrong, in [0, 1].</summary>
    public required double HammingLoss { get; init; }

    /// <summary>The mean binary cross entropy of the reported probabilities against the given, possibly soft, labels, at least 0. Probabilities are cut off at 1e-7 and 1 − 1e-7.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The part of the pairs of a true and a false label of a row in which the false one scores as high or higher, mean over rows, in [0, 1].</summary>
    public required double RankingLoss { get; init; }

    /// <summary>For each true label the part of the labels ranked as high or higher that is true, mean over the row's labels and then over rows, in [0, 1].</summary>
    public required double LabelRankingAveragePrecision { get; init; }

    /// <summary>The reliability table: ten bins of equal width over the reported probability.</summary>
    public required IReadOnlyList<CalibrationBin> Calibration { get; init; }

    /// <summary>The mean difference between reported probability and given label over the bins, weighted by their counts, in [0, 1].</summary>
    public double ExpectedCalibrationError
    {
        get
        {
            var all = Calibration.Sum(bin => bin.Count);
            return all == 0 ? 0 : Calibration.Sum(bin => bin.Count * Math.Abs(bin.MeanProbability - bin.MeanLabel)) / all;
        }
    }

    /// <summary>The same numbers for each label, in ordinal order.</summary>
    public IReadOnlyDictionary<string, MultiLabelLabelMetrics> PerLabel { get; }
}
