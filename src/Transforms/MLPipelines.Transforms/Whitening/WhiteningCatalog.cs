using Microsoft.ML;
using MLPipelines.Interop;
using MLPipelines.Whitening;

namespace MLPipelines;

/// <summary>Adds whitening to <c>mlContext.Transforms</c>.</summary>
public static class WhiteningCatalog
{
    /// <summary>Whitens vectors: mean 0, unit variance and no correlation with the default β = γ = 1. See <see cref="WhiteningEstimator"/>.</summary>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Whiten("Whitened", "Embedding", new() { Beta = 1, Gamma = 0.5, Dimensions = 256 });
    /// </code>
    /// </example>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column with the whitened vectors.</param>
    /// <param name="inputColumnName">The column with the vectors, of Single and known size; null stands for the output column.</param>
    /// <param name="options">β, γ, k and the rest; null stands for the defaults. Their column names are not used.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static WhiteningEstimator Whiten(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, WhiteningEstimator.Options? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        return new(CatalogEnvironment.Of(catalog), (options ?? new()) with { OutputColumn = outputColumnName, InputColumn = inputColumnName ?? outputColumnName });
    }
}
