namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>How well predicted spans agree with gold spans: a span counts as right only when start, end and label are all right.</summary>
/// <remarks>
/// With X = right predictions, Y = predictions and Z = gold spans: precision X/Y, recall X/Z, F1 2X/(Y + Z). A quotient with denominator 0 is 0.
/// The overall numbers are micro averages: X, Y and Z are summed over all rows and labels first. Spans are sets: one given twice in a row counts once.
/// </remarks>
public sealed record SpanExtractionMetrics
{
    internal SpanExtractionMetrics(IReadOnlyDictionary<string, SpanLabelMetrics> perLabel)
    {
        PerLabel = perLabel;
        Correct = perLabel.Values.Sum(l => l.Correct);
        Predicted = perLabel.Values.Sum(l => l.Predicted);
        Support = perLabel.Values.Sum(l => l.Support);
    }

    /// <summary>The part of the predictions that is right, in [0, 1].</summary>
    public double Precision => SpanLabelMetrics.Ratio(Correct, Predicted);

    /// <summary>The part of the gold spans that was found, in [0, 1].</summary>
    public double Recall => SpanLabelMetrics.Ratio(Correct, Support);

    /// <summary>The harmonic mean of precision and recall, in [0, 1].</summary>
    public double F1 => SpanLabelMetrics.Ratio(2 * Correct, Predicted + Support);

    /// <summary>The mean of the labels' F1, each label weighing the same, in [0, 1].</summary>
    public double MacroF1 => PerLabel.Count == 0 ? 0 : PerLabel.Values.Average(l => l.F1);

    /// <summary>Right predictions.</summary>
    public long Correct { get; }

    /// <summary>Predicted spans.</summary>
    public long Predicted { get; }

    /// <summary>Gold spans.</summary>
    public long Support { get; }

    /// <summary>The same numbers for each label that occurs in gold or predicted spans, in ordinal order.</summary>
    public IReadOnlyDictionary<string, SpanLabelMetrics> PerLabel { get; }
}
