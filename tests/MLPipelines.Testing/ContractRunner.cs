using System.Reflection;

namespace MLPipelines.Testing;

/// <summary>Runs one check of any contract and treats expected failures strictly.</summary>
static class ContractRunner
{
    public static void Run<TCase>(
        IEnumerable<ContractCheck<TCase>> checks, string name, TCase @case, IReadOnlyDictionary<string, string> expectedFailures, Assembly testAssembly)
    {
        ContractCollection.RequireDefinition(testAssembly);
        var all = checks.ToList();
        foreach (var (entry, reason) in expectedFailures)
        {
            Require.That(all.Any(check => check.Name == entry), $"'{entry}' is listed as an expected failure, but there is no such check here");
            Require.That(IsReason(reason), $"'{entry}' is listed as an expected failure without a reason");
        }

        var run = all.Single(check => check.Name == name).Run;
        if (!expectedFailures.ContainsKey(name))
        {
            run(@case);
            return;
        }

        try
        {
            run(@case);
        }
        catch (Exception)
        {
            return;
        }

        Require.Fail($"'{name}' is listed as an expected failure but passes; delete the entry");
    }

    static bool IsReason(string reason)
        => reason.Trim().Contains(' ', StringComparison.Ordinal)
        && !reason.Contains("FIXME", StringComparison.OrdinalIgnoreCase)
        && !reason.Contains("TODO", StringComparison.OrdinalIgnoreCase);
}
