namespace MLPipelines.Testing;

/// <summary>The contract of every middleware of the training loop. Derive, state the case, and each check is a test.</summary>
public abstract class TrainingStepContractTests : ContractTests<TrainingStepContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<TrainingStepContractCase>> Checks(TrainingStepContractCase @case) => TrainingStepChecks.All;
}
