using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>See <see cref="NormalizationCatalog.NormalizeLpNorm"/>.</summary>
public sealed class LpNormNormalizingEstimator : LpNormNormalizingEstimatorBase
{
    internal LpNormNormalizingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName, NormFunction norm, bool ensureZeroMean)
        : base(env, new LpNormColumn(outputColumnName, inputColumnName ?? outputColumnName, norm, ensureZeroMean, 1))
    {
    }
}
