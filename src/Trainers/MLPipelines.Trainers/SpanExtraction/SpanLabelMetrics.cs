namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>Strict metrics of one label; see <see cref="SpanExtractionMetrics"/>.</summary>
/// <param name="Correct">Right predictions.</param>
/// <param name="Predicted">Predicted spans.</param>
/// <param name="Support">Gold spans.</param>
public sealed record SpanLabelMetrics(long Correct, long Predicted, long Support)
{
    /// <summary>The part of the predictions that is right, in [0, 1]; 0 without predictions.</summary>
    public double Precision => Ratio(Correct, Predicted);

    /// <summary>The part of the gold spans that was found, in [0, 1]; 0 without gold spans.</summary>
    public double Recall => Ratio(Correct, Support);

    /// <summary>The harmonic mean of precision and recall, in [0, 1]; 0 where both are.</summary>
    public double F1 => Ratio(2 * Correct, Predicted + Support);

    internal static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
