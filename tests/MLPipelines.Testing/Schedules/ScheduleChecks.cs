namespace MLPipelines.Testing;

/// <summary>The checks of the schedule contract.</summary>
static class ScheduleChecks
{
    static readonly long[] s_lengths = [1, 2, 3, 7, 100, 12_345];

    public static IEnumerable<ContractCheck<ScheduleContractCase>> All => [new(GoldensAreMet), new(FactorIsAFraction), new(DependsOnItsArgumentsOnly)];

    public static void GoldensAreMet(ScheduleContractCase @case)
    {
        Require.That(@case.Goldens.Count > 0, "the contract case has no goldens");
        foreach (var (step, steps, expected) in @case.Goldens)
        {
            var actual = @case.Schedule.Factor(step, steps);
            Require.That(Math.Abs(actual - expected) < 1e-12, $"step {step} of {steps}: expected {expected:R}, got {actual:R}");
        }
    }

    public static void FactorIsAFraction(ScheduleContractCase @case)
    {
        foreach (var (step, steps) in Points())
        {
            var factor = @case.Schedule.Factor(step, steps);
            Require.That(factor is >= 0 and <= 1, $"the factor of step {step} of {steps} is {factor}");
        }

        Require.That(
            s_lengths.All(steps => Enumerable.Range(0, (int)Math.Min(steps, 200)).Any(step => @case.Schedule.Factor(step, steps) > 0)),
            "a run of some length would never train: every factor is 0");
    }

    public static void DependsOnItsArgumentsOnly(ScheduleContractCase @case)
    {
        var forwards = Points().ToDictionary(point => point, point => @case.Schedule.Factor(point.Step, point.Steps));
        Concurrently.Run(4, () =>
        {
            foreach (var (step, steps) in Points().Reverse())
                Require.Equal(forwards[(step, steps)], @case.Schedule.Factor(step, steps), $"the factor of step {step} of {steps} depends on what was asked before");
        });
    }

    static IEnumerable<(long Step, long Steps)> Points()
        => s_lengths.SelectMany(steps => Enumerable.Range(0, 101).Select(percent => Math.Min(steps - 1, steps * percent / 100)).Distinct().Select(step => (step, steps)));
}
