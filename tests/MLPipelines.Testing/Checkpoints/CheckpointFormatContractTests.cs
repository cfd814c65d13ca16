namespace MLPipelines.Testing;

/// <summary>The contract of every checkpoint format. Derive, state the case, and each check is a test.</summary>
public abstract class CheckpointFormatContractTests : ContractTests<CheckpointFormatContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<CheckpointFormatContractCase>> Checks(CheckpointFormatContractCase @case) => CheckpointFormatChecks.For(@case);
}
