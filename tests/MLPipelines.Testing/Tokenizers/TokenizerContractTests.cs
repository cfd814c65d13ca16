namespace MLPipelines.Testing;

/// <summary>The contract of every tokenizer. Derive, state the case, and each check is a test.</summary>
public abstract class TokenizerContractTests : ContractTests<TokenizerContractCase>
{
    private protected sealed override IEnumerable<ContractCheck<TokenizerContractCase>> Checks(TokenizerContractCase @case) => TokenizerChecks.All;
}
