namespace MLPipelines.Testing;

/// <summary>The contract of every encoder. Derive, state the case, and each check is a test.</summary>
public abstract class EncoderContractTests : ContractTests<EncoderContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<EncoderContractCase>> Checks(EncoderContractCase @case) => EncoderChecks.For(@case);
}
