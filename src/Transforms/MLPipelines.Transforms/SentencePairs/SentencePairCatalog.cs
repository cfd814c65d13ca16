using Microsoft.ML;
using MLPipelines.Interop;
using MLPipelines.SentencePairs;
using MLPipelines.Whitening;

namespace MLPipelines;

/// <summary>Everything for pairs of sentences with a score of how similar they are: evaluation of sentence vectors, and the search for their best whitening.</summary>
public sealed class SentencePairCatalog
{
    internal SentencePairCatalog(MLContext context) => Context = context;

    /// <summary>The context that the catalog belongs to, for extensions such as trainers.</summary>
    public MLContext Context { get; }

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
            cosines.Add(SentencePairMetrics.Cosine(pairs.First, pairs.Second));
            scores.Add(pairs.Score);
        }

        return Report([.. cosines], [.. scores]);
    }

    /// <summary>Lets a model make the vectors of both texts of each pair, and compares their cosine similarity with a gold score.</summary>
    /// <param name="model">Any model that makes a vector of a text, for example that of <c>SentencePairs().Trainers</c> or of <c>EmbedWithRoFormer</c>, with whitening after it or not. It stays the caller's.</param>
    /// <param name="pairs">Rows of two texts and a score; read once. Texts and cosines are held in memory, vectors are not.</param>
    /// <param name="firstTextColumn">The first text.</param>
    /// <param name="secondTextColumn">The second text.</param>
    /// <param name="scoreColumn">The gold score, Single: the higher, the more similar. Any scale, 0 and 1 included.</param>
    /// <param name="inputColumn">The model's column for a text. Of the model's input columns only this one is given.</param>
    /// <param name="vectorColumn">The model's column with the vector; null is its last one that is a vector of Single of known size.</param>
    /// <returns>Spearman's and Pearson's correlation.</returns>
    /// <exception cref="ArgumentException">A column is missing or has another type, or the model does not make a vector of that one text column.</exception>
    /// <exception cref="Components.DataFormatException">There are no pairs, or a vector or a score is not finite; the message names the row.</exception>
    public SentencePairMetrics Evaluate(
        ITransformer model, IDataView pairs, string firstTextColumn = "Text", string secondTextColumn = "SecondText", string scoreColumn = "Score", string inputColumn = "Text", string? vectorColumn = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentException.ThrowIfNullOrEmpty(inputColumn);
        var (texts, scores) = TextPairs.Read(pairs, firstTextColumn, secondTextColumn, scoreColumn);
        return Report(TextPairs.Cosines(model, texts, inputColumn, vectorColumn), scores);
    }

    SentencePairMetrics Report(double[] cosines, double[] scores)
    {
        if (cosines.Length == 0) throw Failures.NoPairs();
        var metrics = SentencePairMetrics.Of(cosines, scores);
        using var channel = HostChannel.Open(Context, nameof(SentencePairCatalog), nameof(Evaluate));
        channel.Trace(FormattableString.Invariant($"Spearman {metrics.Spearman:F4}, Pearson {metrics.Pearson:F4} on {metrics.Count} pairs."));
        return metrics;
    }

    /// <summary>Tries whitenings and keeps the one whose cosines agree best with the scores.</summary>
    /// <param name="pairs">Rows of two vectors and a score; read once.</param>
    /// <param name="options">The grid and the columns; null stands for the defaults.</param>
    /// <param name="corpus">Further vectors for mean and covariance, without scores; read once. Null: those of the pairs.</param>
    /// <inheritdoc cref="WhiteningSearch.Run"/>
    public WhiteningSearchResult SearchWhitening(IDataView pairs, WhiteningSearch.Options? options = null, IDataView? corpus = null)
        => new WhiteningSearch(Context, options ?? new()).Run(pairs, corpus);
}
