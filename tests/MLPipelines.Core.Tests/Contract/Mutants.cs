using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Core.Tests.Contract;

/// <summary>What the mutant tests of all contracts share.</summary>
static class Mutants
{
    public static void RequireCaught<TCase>(IEnumerable<ContractCheck<TCase>> checks, string check, TCase mutant)
    {
        var run = checks.Single(candidate => candidate.Name == check).Run;
        Assert.Throws<ContractViolationException>(() => run(mutant));
    }

    public static void RequirePasses<TCase>(IEnumerable<ContractCheck<TCase>> checks, TCase correct)
    {
        foreach (var check in checks) check.Run(correct);
    }

    public static void RequireEveryCheckHasKilled<TCase>(IEnumerable<ContractCheck<TCase>> checks, IEnumerable<string> killers)
        => Assert.Equal(checks.Select(check => check.Name).Order(), killers.Distinct().Order());
}
