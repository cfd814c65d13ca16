using Microsoft.ML;
using MLPipelines.Embeddings;
using MLPipelines.Interop;

namespace MLPipelines;

/// <summary>Sentence embeddings in ML.NET's text catalog.</summary>
public static class TextEmbeddingCatalog
{
    /// <summary>Turns texts into vectors with a RoFormer-family encoder, or any other <see cref="Encoders.IEncoder"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms.Text</c>.</param>
    /// <param name="outputColumnName">The column to make: a vector of Single as long as the encoder is wide.</param>
    /// <param name="inputColumnName">The text column; null is the output column's name, which is replaced then.</param>
    /// <param name="encoder">Where the encoder comes from: a checkpoint, an encoder that is there already, or random weights.</param>
    /// <param name="options">Further settings; its column names do not count. Null stands for the defaults.</param>
    /// <returns>The estimator. The transformer that it fits owns native memory: dispose it, or the chain that it is part of.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    /// <example><code>
    /// var pipeline = mlContext.Transforms.Text.EmbedWithRoFormer("Vector", "Text", SentenceEncoder.FromCheckpoint("roformer-chinese-base"), new() { Normalize = true });
    /// </code></example>
    public static SentenceEmbeddingEstimator EmbedWithRoFormer(
        this TransformsCatalog.TextTransforms catalog, string outputColumnName, string? inputColumnName, SentenceEncoder encoder, SentenceEmbeddingEstimator.Options? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return new(CatalogEnvironment.Of(catalog), encoder, (options ?? new()) with { OutputColumn = outputColumnName, InputColumn = inputColumnName ?? outputColumnName });
    }

    /// <summary>Turns texts into vectors with the encoder of a published checkpoint.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Transforms.Text</c>.</param>
    /// <param name="outputColumnName">The column to make: a vector of Single as long as the encoder is wide.</param>
    /// <param name="inputColumnName">The text column; null is the output column's name, which is replaced then.</param>
    /// <param name="checkpointDirectory">The directory with <c>config.json</c>, <c>vocab.txt</c> and the weights; Fit reads it.</param>
    /// <param name="options">Further settings; its column names do not count. Null stands for the defaults.</param>
    /// <returns>The estimator. The transformer that it fits owns native memory: dispose it, or the chain that it is part of.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists every violation.</exception>
    public static SentenceEmbeddingEstimator EmbedWithRoFormer(
        this TransformsCatalog.TextTransforms catalog, string outputColumnName, string? inputColumnName, string checkpointDirectory, SentenceEmbeddingEstimator.Options? options = null)
        => catalog.EmbedWithRoFormer(outputColumnName, inputColumnName, SentenceEncoder.FromCheckpoint(checkpointDirectory), options);
}
