using Xunit;

namespace MLPipelines.Testing;

/// <summary>What all contract test classes share: the case, and a theory with one test for each check that applies to it.</summary>
/// <typeparam name="TCase">What the checks need to know about a component.</typeparam>
[Collection(ContractCollection.Name)]
public abstract class ContractTests<TCase> : IContractTests
    where TCase : class
{
    /// <summary>The component under test, with small options.</summary>
    protected abstract TCase Case { get; }

    /// <summary>
    /// Checks that are known to fail, each with the reason. Strict: an entry whose check passes is an error, and so is an empty reason.
    /// </summary>
    protected virtual IReadOnlyDictionary<string, string> ExpectedFailures { get; } = new Dictionary<string, string>();

    IEnumerable<string> IContractTests.CheckNames => Checks(Case).Select(check => check.Name);

    private protected abstract IEnumerable<ContractCheck<TCase>> Checks(TCase @case);

    /// <summary>One check.</summary>
    /// <param name="check">Its name.</param>
    [Theory]
    [ContractChecks]
    public void Contract(string check)
    {
        var @case = Case;
        ContractRunner.Run(Checks(@case), check, @case, ExpectedFailures, GetType().Assembly);
    }
}
