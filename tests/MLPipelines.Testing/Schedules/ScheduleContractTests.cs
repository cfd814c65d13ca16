namespace MLPipelines.Testing;

/// <summary>The contract of every learning rate schedule. Derive, state the case, and each check is a test.</summary>
public abstract class ScheduleContractTests : ContractTests<ScheduleContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<ScheduleContractCase>> Checks(ScheduleContractCase @case) => ScheduleChecks.All;
}
