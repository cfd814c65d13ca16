namespace MLPipelines.Testing;

/// <summary>The contract of every optimiser. Derive, state the case, and each check is a test.</summary>
public abstract class OptimizerContractTests : ContractTests<OptimizerContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<OptimizerContractCase>> Checks(OptimizerContractCase @case) => OptimizerChecks.All;
}
