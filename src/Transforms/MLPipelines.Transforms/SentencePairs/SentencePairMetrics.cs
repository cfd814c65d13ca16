namespace MLPipelines.SentencePairs;

/// <summary>How well the cosine similarity of sentence pairs agrees with gold scores.</summary>
/// <param name="Spearman">Spearman's ρ of cosines and scores, average ranks for ties, in [−1, 1]; papers report 100 ρ. NaN when cosines or scores are all equal.</param>
/// <param name="Pearson">Pearson's r of cosines and scores, in [−1, 1]; NaN when cosines or scores are all equal.</param>
/// <param name="Count">How many pairs there were.</param>
public sealed record SentencePairMetrics(double Spearman, double Pearson, long Count)
{
    /// <summary>Compares cosines with scores.</summary>
    /// <param name="cosines">The cosine of each pair, as <see cref="Cosine"/> gives it.</param>
    /// <param name="scores">The gold score of each pair.</param>
    public static SentencePairMetrics Of(ReadOnlySpan<double> cosines, ReadOnlySpan<double> scores) => new(Correlation.Spearman(cosines, scores), Correlation.Pearson(cosines, scores), cosines.Length);

    /// <summary>The cosine of two vectors, computed in float64 and without its last digits, so that pairs of equal vectors have equal cosines.</summary>
    /// <param name="first">Finite numbers.</param>
    /// <param name="second">As many.</param>
    /// <returns>A number in [−1, 1]; 0 when a vector is zero, which is similar to nothing.</returns>
    public static double Cosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (first.Length != second.Length) throw Failures.VectorLength(first.Length, second.Length);
        double dot = 0, one = 0, two = 0;
        for (var i = 0; i < first.Length; i++)
        {
            double a = first[i], b = second[i];
            dot += a * b;
            one += a * a;
            two += b * b;
        }

        return one > 0 && two > 0 ? Rounded(dot / Math.Sqrt(one) / Math.Sqrt(two)) : 0;
    }

    /// <summary>A cosine without its rounding errors: pairs of equal vectors have equal cosines, and so equal ranks. Components of Single give no more than eight digits anyway.</summary>
    internal static double Rounded(double cosine) => Math.Round(cosine, 12);
}
