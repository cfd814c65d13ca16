using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Adds normalization to the transforms.</summary>
public static class NormalizationCatalog
{
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null,
        long maximumExampleCount = NormalizerColumn.DefaultMaximumExampleCount, bool fixZero = true)
        => new(catalog.GetEnvironment(), new NormalizerColumn.MinMax(outputColumnName, inputColumnName, maximumExampleCount, fixZero));

    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizerColumn.DefaultMaximumExampleCount, bool fixZero = true)
        => new(catalog.GetEnvironment(), Array.ConvertAll(columns, NormalizerColumn (column)
            => new NormalizerColumn.MinMax(column.OutputColumnName, column.InputColumnName, maximumExampleCount, fixZero)));

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null,
        long maximumExampleCount = NormalizerColumn.DefaultMaximumExampleCount, bool fixZero = true, bool useCdf = false)
        => new(catalog.GetEnvironment(), new NormalizerColumn.MeanVariance(outputColumnName, inputColumnName, maximumExampleCount, fixZero, useCdf));

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizerColumn.DefaultMaximumExampleCount, bool fixZero = true, bool useCdf = false)
        => new(catalog.GetEnvironment(), Array.ConvertAll(columns, NormalizerColumn (column)
            => new NormalizerColumn.MeanVariance(column.OutputColumnName, column.InputColumnName, maximumExampleCount, fixZero, useCdf)));

    public static LpNormNormalizingEstimator NormalizeLpNorm(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null,
        LpNormNormalizingEstimatorBase.NormFunction norm = LpNormNormalizingEstimatorBase.NormFunction.L2, bool ensureZeroMean = false)
        => new(catalog.GetEnvironment(), outputColumnName, inputColumnName, norm, ensureZeroMean);
}
