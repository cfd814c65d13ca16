namespace Microsoft.ML.Data;

/// <summary>An estimator of a chain and what to do with its output.</summary>
internal readonly record struct EstimatorLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);
