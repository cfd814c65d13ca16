using Microsoft.ML;
using MLPipelines.Interop;
using MLPipelines.SentencePairs;
using MLPipelines.Whitening;

namespace MLPipelines;

/// <summary>Everything for pairs of sentences with a score of how similar they are: evaluation of sentence vectors, and the search for their best whitening.</summary>
public sealed class SentencePairCatalog
{
    readonly MLContext _context;

    internal SentencePairCatalog(MLContext context) => _context = context;

    /// <summary>Compares the cosine similarity of two vector columns with a gold score.</summary>
    /// <param name="data">Rows of two vectors and a score, for example a model's output; read once.</param>
    /// <param name="firstColumn">The first sentence's vector, a vector of Single of known size.</param>
    /// <param name="secondColumn">The second sentence's vector, of the same size.</param>
    /// <param name="scoreColumn">The gold score, Single: the higher, the more similar. Any scale, 0 and 1 included.</param>
    /// <returns>Spearman's and Pearson's correlation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="Components.DataFormatException">A vector or a score is not finite; the message names the row.</exception>
    public SentencePairMetrics Evaluate(IDataView data, string firstColumn = "First", string secondColumn = "Second", string scoreColumn = "Score")
    {
        using var pairs = new PairCursor(data, firstColumn, secondColumn, scoreColumn);
        var (cosines, scores) = (new List<double>(), new List<double>());
        while (pairs.MoveNext())
        {
            cosines.Add(PairCursor.Cosine(pairs.First, pairs.Second));
            scores.Add(pairs.Score);
        }

        if (cosines.Count == 0) throw Failures.NoPairs();
        var metrics = SentencePairMetrics.Of(cosines.ToArray(), scores.ToArray());
        using var channel = HostChannel.Open(_context, nameof(SentencePairCatalog), nameof(Evaluate));
        channel.Trace(FormattableString.Invariant($"Spearman {metrics.Spearman:F4}, Pearson {metrics.Pearson:F4} on {metrics.Count} pairs."));
        return metrics;
    }

    /// <summary>Tries whitenings and keeps the one whose cosines agree best with the scores.</summary>
    /// <param name="pairs">Rows of two vectors and a score; read once.</param>
    /// <param name="options">The grid and the columns; null stands for the defaults.</param>
    /// <param name="corpus">Further vectors for mean and covariance, without scores; read once. Null: those of the pairs.</param>
    /// <inheritdoc cref="WhiteningSearch.Run"/>
    public WhiteningSearchResult SearchWhitening(IDataView pairs, WhiteningSearch.Options? options = null, IDataView? corpus = null)
        => new WhiteningSearch(_context, options ?? new()).Run(pairs, corpus);
}
