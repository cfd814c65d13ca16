using MLPipelines.Testing;
using MLPipelines.Trainers.Schedules;
using Xunit;

namespace MLPipelines.Core.Tests.Contract;

[Collection(ContractCollection.Name)]
public sealed class ScheduleMutantTests
{
    public enum Fault
    {
        None,
        SlightlyWrong,
        AboveOne,
        BelowZero,
        NeverTrainsShortRuns,
        RemembersLastStep,
    }

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.SlightlyWrong, nameof(ScheduleChecks.GoldensAreMet) },
        { Fault.AboveOne, nameof(ScheduleChecks.FactorIsAFraction) },
        { Fault.BelowZero, nameof(ScheduleChecks.FactorIsAFraction) },
        { Fault.NeverTrainsShortRuns, nameof(ScheduleChecks.FactorIsAFraction) },
        { Fault.RemembersLastStep, nameof(ScheduleChecks.DependsOnItsArgumentsOnly) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check) => Mutants.RequireCaught(ScheduleChecks.All, check, Case(fault));

    [Fact]
    public void Correct_schedule_passes_every_check() => Mutants.RequirePasses(ScheduleChecks.All, Case(Fault.None));

    [Fact]
    public void Every_check_has_killed_a_mutant() => Mutants.RequireEveryCheckHasKilled(ScheduleChecks.All, Faults.Select(row => (string)row[1]));

    static ScheduleContractCase Case(Fault fault) => new(new Falling(fault), [(0, 4, 1), (3, 4, 0.25)]);

    /// <summary>Falls from 1 to 1/N.</summary>
    sealed class Falling(Fault fault) : ISchedule
    {
        long _last;

        public double Factor(long step, long steps)
        {
            var factor = (steps - step) / (double)steps;
            if (fault == Fault.SlightlyWrong) factor *= 0.999;
            if (fault == Fault.AboveOne && step == steps / 2) factor += 1;
            if (fault == Fault.BelowZero && step == steps - 1 && steps > 4) factor = -factor;
            if (fault == Fault.NeverTrainsShortRuns && steps == 1) factor = 0;
            if (fault == Fault.RemembersLastStep && step < _last) factor *= 0.5;
            _last = step;
            return factor;
        }
    }
}
