using MLPipelines.Testing;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Core.Tests.Contract;

[Collection(ContractCollection.Name)]
public sealed class LossMutantTests
{
    public enum Fault
    {
        None,
        SlightlyWrong,
        HalfTheGradient,
        OverflowsForLargeScores,
        IgnoresMask,
        WeighsRowsByPosition,
        PushesConfidentScoresDown,
        NotANumberWithoutClasses,
        ComputesInTheNarrowType,
        NeedsMask,
        ChangesScores,
        DrawsFromGlobalGenerator,
        LeaksTensor,
    }

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.SlightlyWrong, nameof(LossChecks.EqualsPlainImplementation) },
        { Fault.HalfTheGradient, nameof(LossChecks.GradientEqualsFiniteDifferences) },
        { Fault.OverflowsForLargeScores, nameof(LossChecks.IsFiniteForExtremeScores) },
        { Fault.IgnoresMask, nameof(LossChecks.MissingClassesChangeNothing) },
        { Fault.WeighsRowsByPosition, nameof(LossChecks.OrderOfRowsIsIrrelevant) },
        { Fault.PushesConfidentScoresDown, nameof(LossChecks.ClassThatAppliesIsNeverPushedDown) },
        { Fault.NotANumberWithoutClasses, nameof(LossChecks.RowsWithoutAnyClassAreAllowed) },
        { Fault.ComputesInTheNarrowType, nameof(LossChecks.NarrowTypesGiveFiniteLosses) },
        { Fault.NeedsMask, nameof(LossChecks.MaskIsOptional) },
        { Fault.ChangesScores, nameof(LossChecks.InputsAreLeftAlone) },
        { Fault.DrawsFromGlobalGenerator, nameof(LossChecks.GlobalStateIsUntouched) },
        { Fault.LeaksTensor, nameof(LossChecks.FreesNativeMemory) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check) => Mutants.RequireCaught(LossChecks.For(Case(fault)), check, Case(fault));

    [Fact]
    public void Correct_loss_passes_every_check() => Mutants.RequirePasses(LossChecks.For(Case(Fault.None)), Case(Fault.None));

    [Fact]
    public void Every_check_has_killed_a_mutant() => Mutants.RequireEveryCheckHasKilled(LossChecks.For(Case(Fault.None)), Faults.Select(row => (string)row[1]));

    static LossContractCase Case(Fault fault) => new(
        new Loss(fault),
        truth => tensor(truth.Cast<double>().Select(value => value > 0.5).ToArray(), [truth.GetLength(0), truth.GetLength(1)]),
        (scores, truth, exists) =>
        {
            var total = 0.0;
            var (rows, classes) = (scores.GetLength(0), scores.GetLength(1));
            for (var row = 0; row < rows; row++)
                for (var c = 0; c < classes; c++)
                    if (exists[row, c]) total += SoftPlus(truth[row, c] > 0.5 ? -scores[row, c] : scores[row, c]);
            return total / rows;
        });

    static double SoftPlus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));

    /// <summary>Independent logistic losses, summed over classes: log(1 + exp(−s)) where the class applies, log(1 + exp(s)) where not.</summary>
    sealed class Loss(Fault fault) : ILoss
    {
        public Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null)
        {
            using var scope = NewDisposeScope();
            if (fault == Fault.LeaksTensor) zeros(1).DetachFromDisposeScope();
            if (fault == Fault.DrawsFromGlobalGenerator) rand(1);
            if (fault == Fault.ChangesScores) Add(logits, 1);
            if (fault == Fault.NotANumberWithoutClasses && mask is not null && !mask.any().item<bool>()) return full([], double.NaN, dtype: logits.dtype).add(logits.sum().mul(0)).MoveToOuterDisposeScope();
            var scores = logits.dtype == ScalarType.BFloat16 && fault != Fault.ComputesInTheNarrowType ? logits.to(ScalarType.Float32) : logits;
            if (fault == Fault.HalfTheGradient) scores = scores.mul(0.5).add(scores.detach().mul(0.5));
            var signed = where(targets, scores.neg(), scores);
            var losses = fault == Fault.OverflowsForLargeScores ? signed.exp().add(1).log() : signed.clamp_min(0).add(signed.abs().neg().exp().log1p());
            if (fault == Fault.ComputesInTheNarrowType) losses = losses.mul(100).sub(losses.mul(98));
            if (mask is not null && fault != Fault.IgnoresMask) losses = losses.masked_fill(~mask, 0);
            if (fault == Fault.PushesConfidentScoresDown) losses = losses.add(scores.clamp_min(8).sub(8));
            var rows = losses.sum(-1);
            if (fault == Fault.WeighsRowsByPosition) rows = rows.mul(linspace(1, 2, rows.shape[0], dtype: rows.dtype));
            var result = rows.mean();
            if (fault == Fault.SlightlyWrong) result = result.mul(1.001);
            if (fault == Fault.NeedsMask && mask is null) result = result.add(1);
            return result.MoveToOuterDisposeScope();
        }

        static void Add(Tensor logits, double value)
        {
            using var noGrad = no_grad();
            logits.detach().add_(value);
        }
    }
}
