using Microsoft.ML;
using MLPipelines.Classification;
using MLPipelines.Interop;

namespace MLPipelines;

/// <summary>Adds soft voting to <c>mlContext.Transforms</c>.</summary>
public static class SoftVotingCatalog
{
    /// <summary>Joins several classifiers of a pipeline by the mean of their class probabilities. See <see cref="SoftVotingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="inputColumnNames">The columns with the probabilities, two or more, vectors of Single with the same classes in the same order.</param>
    /// <param name="options">Weights and output columns; null stands for the defaults. Their input columns are not used.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Fewer than two columns are named, one is named twice, or options are out of range.</exception>
    public static SoftVotingEstimator SoftVoting(this TransformsCatalog catalog, IReadOnlyList<string> inputColumnNames, SoftVotingEstimator.Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        return new(CatalogEnvironment.Of(catalog), (options ?? new()) with { InputColumns = [.. inputColumnNames] });
    }
}
