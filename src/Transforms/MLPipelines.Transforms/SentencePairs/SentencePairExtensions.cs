using Microsoft.ML;

namespace MLPipelines;

/// <summary>Adds sentence pairs to <see cref="MLContext"/>.</summary>
public static class SentencePairExtensions
{
    /// <summary>The catalog of sentence pairs: evaluation of sentence vectors, and the search for their best whitening.</summary>
    /// <param name="context">The context.</param>
    public static SentencePairCatalog SentencePairs(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context);
    }
}
