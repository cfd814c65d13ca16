namespace MLPipelines.Testing;

/// <summary>The contract of every loss. Derive, state the case, and each check is a test.</summary>
public abstract class LossContractTests : ContractTests<LossContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<LossContractCase>> Checks(LossContractCase @case) => LossChecks.For(@case);
}
