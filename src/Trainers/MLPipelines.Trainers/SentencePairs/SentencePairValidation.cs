using MLPipelines.Embeddings;
using MLPipelines.Scoring;
using MLPipelines.SentencePairs;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers.SentencePairs;

/// <summary>Validation after an epoch: the vectors of the whole set as a saved model makes them, and how their cosines agree with the scores.</summary>
/// <param name="texts">What the encoder reads of each text, first and second of each pair in turn.</param>
/// <param name="scores">The score of each pair.</param>
/// <param name="scorer">Makes the vectors.</param>
sealed class SentencePairValidation(IReadOnlyList<IReadOnlyList<TextSequence>> texts, double[] scores, SentenceEmbeddingScorer scorer)
{
    const int PairsAtOnce = 512;

    /// <summary>Scores the set; null when there are no pairs.</summary>
    public ValidationMetrics? Run(CancellationToken cancellationToken)
    {
        if (scores.Length == 0) return null;
        var cosines = new List<double>(scores.Length);
        foreach (var chunk in texts.Chunk(2 * PairsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = Array.ConvertAll(chunk, windows => new SentenceRow(windows));
            scorer.Score(rows);
            for (var i = 0; i < rows.Length; i += 2) cosines.Add(SentencePairMetrics.Cosine(rows[i].Vector, rows[i + 1].Vector));
        }
        var metrics = SentencePairMetrics.Of([.. cosines], scores);
        // Vectors that are all alike rank nothing.
        var (spearman, pearson) = (double.IsNaN(metrics.Spearman) ? 0 : metrics.Spearman, double.IsNaN(metrics.Pearson) ? 0 : metrics.Pearson);
        return new ValidationMetrics("Spearman", spearman, new Dictionary<string, double> { ["Spearman"] = spearman, ["Pearson"] = pearson }) { Second = pearson };
    }
}
