namespace MLPipelines.Whitening;

/// <summary>One point of the grid, and how well its cosines agree with the gold scores.</summary>
/// <param name="Beta">β: how much of the mean is subtracted.</param>
/// <param name="Gamma">γ: how far the variances are made equal.</param>
/// <param name="Dimensions">k: how many dimensions are kept.</param>
/// <param name="Spearman">Spearman's ρ, in [−1, 1]; NaN when all cosines or all scores are equal.</param>
/// <param name="Pearson">Pearson's r, in [−1, 1]; NaN likewise.</param>
public sealed record WhiteningTrial(double Beta, double Gamma, int Dimensions, double Spearman, double Pearson);
