namespace MLPipelines.Testing;

/// <summary>The contract of every span head. Derive, state the case, and each check is a test.</summary>
public abstract class SpanHeadContractTests : ContractTests<SpanHeadContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<SpanHeadContractCase>> Checks(SpanHeadContractCase @case) => SpanHeadChecks.All;
}
