namespace MLPipelines.SentencePairs;

/// <summary>How well the cosine similarity of sentence pairs agrees with gold scores.</summary>
/// <param name="Spearman">Spearman's ρ of cosines and scores, average ranks for ties, in [−1, 1]; papers report 100 ρ. NaN when cosines or scores are all equal.</param>
/// <param name="Pearson">Pearson's r of cosines and scores, in [−1, 1]; NaN when cosines or scores are all equal.</param>
/// <param name="Count">How many pairs there were.</param>
public sealed record SentencePairMetrics(double Spearman, double Pearson, long Count)
{
    internal static SentencePairMetrics Of(ReadOnlySpan<double> cosines, ReadOnlySpan<double> scores) => new(Correlation.Spearman(cosines, scores), Correlation.Pearson(cosines, scores), cosines.Length);
}
