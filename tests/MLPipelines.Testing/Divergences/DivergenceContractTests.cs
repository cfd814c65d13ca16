namespace MLPipelines.Testing;

/// <summary>The contract of every divergence. Derive, state the case, and each check is a test.</summary>
public abstract class DivergenceContractTests : ContractTests<DivergenceContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<DivergenceContractCase>> Checks(DivergenceContractCase @case) => DivergenceChecks.All;
}
