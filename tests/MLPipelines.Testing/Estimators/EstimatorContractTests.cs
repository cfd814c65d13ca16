namespace MLPipelines.Testing;

/// <summary>The contract of every estimator and of the transformer that it fits. Derive, state the case, and each check is a test.</summary>
/// <example>
/// <code>
/// public sealed class BertWhiteningContract : EstimatorContractTests
/// {
///     protected override ContractCase Case => new(
///         create: (ml, token) => new BertWhiteningEstimator(ml, new() { Dimensions = 3, CancellationToken = token }),
///         data: ml => ml.Data.LoadFromEnumerable(rows),
///         required: ["Embedding"]);
/// }
/// </code>
/// </example>
public abstract class EstimatorContractTests : ContractTests<ContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<ContractCase>> Checks(ContractCase @case) => EstimatorChecks.For(@case);
}
