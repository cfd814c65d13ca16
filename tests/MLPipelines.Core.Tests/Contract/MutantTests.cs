using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Core.Tests.Contract;

/// <summary>A check that has never failed proves nothing: each fault has to be caught by the check meant for it.</summary>
[Collection(ContractCollection.Name)]
public sealed class MutantTests
{
    public static TheoryData<Fault, string> Mutants => new()
    {
        { Fault.LiesAboutSchema, nameof(EstimatorChecks.PromisedSchemaEqualsActual) },
        { Fault.DeliversMoreThanPromised, nameof(EstimatorChecks.PromisedSchemaEqualsActual) },
        { Fault.VagueError, nameof(EstimatorChecks.MissingColumnIsNamed) },
        { Fault.WrongExceptionType, nameof(EstimatorChecks.MissingColumnIsNamed) },
        { Fault.NeedsLabelToScore, nameof(EstimatorChecks.MissingColumnIsNamed) },
        { Fault.LateTypeError, nameof(EstimatorChecks.WrongTypeIsNamed) },
        { Fault.EagerTransform, nameof(EstimatorChecks.TransformIsLazy) },
        { Fault.ReadsAhead, nameof(EstimatorChecks.TransformIsLazy) },
        { Fault.ReadsEverything, nameof(EstimatorChecks.UnneededColumnsAreNotRead) },
        { Fault.NotRepeatable, nameof(EstimatorChecks.CursorIsRepeatable) },
        { Fault.LeaksCursor, nameof(EstimatorChecks.CursorDisposeReachesSource) },
        { Fault.LeaksCursorInFit, nameof(EstimatorChecks.CursorDisposeReachesSource) },
        { Fault.CursorSetRepeatsRows, nameof(EstimatorChecks.CursorSetCoversAllRows) },
        { Fault.RowMapperDiffers, nameof(EstimatorChecks.RowByRowEqualsCursor) },
        { Fault.ThrowsOnEmpty, nameof(EstimatorChecks.EmptyInputGivesEmptyOutput) },
        { Fault.SharedBuffer, nameof(EstimatorChecks.ScoringIsThreadSafe) },
        { Fault.SeesNeighbours, nameof(EstimatorChecks.RowsDoNotSeeTheirNeighbours) },
        { Fault.RandomFit, nameof(EstimatorChecks.FitIsDeterministic) },
        { Fault.WritesOptions, nameof(EstimatorChecks.FitLeavesOptionsAlone) },
        { Fault.SharesStateBetweenFits, nameof(EstimatorChecks.SecondFitIsIndependent) },
        { Fault.IgnoresCancel, nameof(EstimatorChecks.FitHonoursCancellation) },
        { Fault.ForgetsStateOnSave, nameof(EstimatorChecks.RoundTripGivesSameOutput) },
        { Fault.ScoresAfterDispose, nameof(EstimatorChecks.DisposeIsFinalAndIdempotent) },
        { Fault.OldViewScoresAfterDispose, nameof(EstimatorChecks.DisposeIsFinalAndIdempotent) },
        { Fault.LeaksTensorWhenScoring, nameof(EstimatorChecks.ScoringFreesNativeMemory) },
        { Fault.LeaksTensorInFit, nameof(EstimatorChecks.FitFreesNativeMemory) },
        { Fault.LeaksTensorWhenFitThrows, nameof(EstimatorChecks.FitFreesNativeMemory) },
        { Fault.LeaksTensorWhenCancelled, nameof(EstimatorChecks.FitFreesNativeMemory) },
        { Fault.DrawsFromGlobalGenerator, nameof(EstimatorChecks.GlobalStateIsUntouched) },
        { Fault.LeavesGradientsOff, nameof(EstimatorChecks.GlobalStateIsUntouched) },
    };

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check)
    {
        var @case = ToyCases.Toy(fault);
        var run = EstimatorChecks.For(@case).Single(candidate => candidate.Name == check).Run;
        try
        {
            Assert.Throws<ContractViolationException>(() => run(@case));
        }
        finally
        {
            TorchSharp.torch.set_grad_enabled(true);
        }
    }

    [Fact]
    public void Every_fault_has_a_mutant_test()
        => Assert.Equal(Enum.GetValues<Fault>().Where(fault => fault != Fault.None), Mutants.Select(row => (Fault)row[0]).Order());

    [Fact]
    public void Every_check_that_can_run_here_has_killed_a_mutant()
        => Assert.Equal(EstimatorChecks.For(ToyCases.Toy(Fault.None)).Select(check => check.Name).Order(), Mutants.Select(row => (string)row[1]).Distinct().Order());
}
