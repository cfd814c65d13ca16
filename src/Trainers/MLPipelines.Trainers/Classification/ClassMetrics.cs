namespace MLPipelines.Trainers.Classification;

/// <summary>How well one class is predicted.</summary>
/// <param name="Correct">Rows of the class that are predicted to be of it.</param>
/// <param name="Predicted">Rows that are predicted to be of it.</param>
/// <param name="Support">Rows of the class.</param>
public sealed record ClassMetrics(long Correct, long Predicted, long Support)
{
    /// <summary>The part of the predictions that is right, in [0, 1]; 0 where nothing is predicted.</summary>
    public double Precision => Predicted == 0 ? 0 : (double)Correct / Predicted;

    /// <summary>The part of the class that is predicted, in [0, 1]; 0 where there is none.</summary>
    public double Recall => Support == 0 ? 0 : (double)Correct / Support;

    /// <summary>The harmonic mean of precision and recall, in [0, 1].</summary>
    public double F1 => Predicted + Support == 0 ? 0 : 2.0 * Correct / (Predicted + Support);
}
