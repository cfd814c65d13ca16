using Microsoft.Extensions.AI;
using Microsoft.ML;
using MLPipelines.Embeddings;

namespace MLPipelines;

/// <summary>ML.NET models as embedding generators of Microsoft.Extensions.AI.</summary>
public static class EmbeddingGeneratorExtensions
{
    /// <summary>A generator over a model that makes a vector of a text.</summary>
    /// <param name="model">The model, for example what <c>mlContext.Model.Load</c> gave. The generator owns it unless the options say otherwise.</param>
    /// <param name="options">Settings; null stands for the defaults.</param>
    /// <exception cref="ArgumentException">The model needs another column than the text, or does not make a vector of Single of known size.</exception>
    /// <example><code>
    /// using var generator = mlContext.Model.Load("embedder.zip", out _).AsEmbeddingGenerator();
    /// var vectors = await generator.GenerateAsync(["今天天气很好", "天气真不错"]);
    /// </code></example>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(this ITransformer model, TransformerEmbeddingGenerator.Options? options = null)
        => new TransformerEmbeddingGenerator(model, options);
}
