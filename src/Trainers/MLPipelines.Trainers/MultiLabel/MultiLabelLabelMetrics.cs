namespace MLPipelines.Trainers.MultiLabel;

/// <summary>How well one label is predicted.</summary>
/// <param name="Correct">Rows in which it is both given and predicted.</param>
/// <param name="Predicted">Rows in which it is predicted.</param>
/// <param name="Support">Rows in which it is given.</param>
public sealed record MultiLabelLabelMetrics(long Correct, long Predicted, long Support)
{
    /// <summary>The part of the predictions that is right, in [0, 1]; 0 where nothing is predicted.</summary>
    public double Precision => Ratio(Correct, Predicted);

    /// <summary>The part of the given labels that is predicted, in [0, 1]; 0 where none is given.</summary>
    public double Recall => Ratio(Correct, Support);

    /// <summary>The harmonic mean of precision and recall, in [0, 1].</summary>
    public double F1 => Ratio(2 * Correct, Predicted + Support);

    internal static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
