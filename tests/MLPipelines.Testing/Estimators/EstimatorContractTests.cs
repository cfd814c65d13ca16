using Xunit;

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
[Collection(ContractCollection.Name)]
public abstract class EstimatorContractTests : IContractTests
{
    /// <summary>The component under test.</summary>
    protected abstract ContractCase Case { get; }

    IEnumerable<string> IContractTests.CheckNames => EstimatorChecks.For(Case).Select(check => check.Name);

    /// <summary>One check.</summary>
    /// <param name="check">Its name.</param>
    [Theory]
    [ContractChecks]
    public void Contract(string check) => ContractRunner.Run(EstimatorChecks.For(Case), check, Case, Case.ExpectedFailures, GetType().Assembly);
}
