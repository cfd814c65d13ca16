using MLPipelines.Testing;
using MLPipelines.Trainers.Divergences;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Core.Tests.Contract;

[Collection(ContractCollection.Name)]
public sealed class DivergenceMutantTests
{
    public enum Fault
    {
        None,
        SlightlyWrong,
        WrongDirection,
        CutsSecondOff,
        NeverZero,
        Asymmetric,
        IgnoresMask,
        ChokesOnInfinity,
        Overflows,
        NotANumberWithoutClasses,
        ComputesInTheNarrowType,
        NeedsMask,
        ChangesScores,
        DrawsFromGlobalGenerator,
        LeaksTensor,
    }

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.SlightlyWrong, nameof(DivergenceChecks.EqualsPlainImplementation) },
        { Fault.WrongDirection, nameof(DivergenceChecks.EqualsPlainImplementation) },
        { Fault.CutsSecondOff, nameof(DivergenceChecks.GradientsEqualFiniteDifferences) },
        { Fault.NeverZero, nameof(DivergenceChecks.EqualAnswersHaveNone) },
        { Fault.Asymmetric, nameof(DivergenceChecks.ArgumentsMayBeExchanged) },
        { Fault.IgnoresMask, nameof(DivergenceChecks.MissingClassesChangeNothing) },
        { Fault.ChokesOnInfinity, nameof(DivergenceChecks.MissingClassesChangeNothing) },
        { Fault.Overflows, nameof(DivergenceChecks.IsFiniteForExtremeScores) },
        { Fault.NotANumberWithoutClasses, nameof(DivergenceChecks.RowsWithoutClassesAreAllowed) },
        { Fault.ComputesInTheNarrowType, nameof(DivergenceChecks.NarrowTypesAreWidened) },
        { Fault.NeedsMask, nameof(DivergenceChecks.MaskIsOptional) },
        { Fault.ChangesScores, nameof(DivergenceChecks.InputsAreLeftAlone) },
        { Fault.DrawsFromGlobalGenerator, nameof(DivergenceChecks.GlobalStateIsUntouched) },
        { Fault.LeaksTensor, nameof(DivergenceChecks.FreesNativeMemory) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check) => Mutants.RequireCaught(DivergenceChecks.All, check, Case(fault));

    [Fact]
    public void Correct_divergence_passes_every_check() => Mutants.RequirePasses(DivergenceChecks.All, Case(Fault.None));

    [Fact]
    public void Every_check_has_killed_a_mutant() => Mutants.RequireEveryCheckHasKilled(DivergenceChecks.All, Faults.Select(row => (string)row[1]));

    static DivergenceContractCase Case(Fault fault) => new(new Squares(fault), (first, second, exists) => Sum(first, second, exists, (s, t) => (s - t) * (s - t)))
    {
        ReferenceFrom = (first, second, exists) => Sum(first, second, exists, (s, t) => Math.Abs(s - t)),
    };

    static double Sum(double[,] first, double[,] second, bool[,] exists, Func<double, double, double> term)
    {
        var total = 0.0;
        for (var row = 0; row < first.GetLength(0); row++)
            for (var c = 0; c < first.GetLength(1); c++)
                if (exists[row, c]) total += term(first[row, c], second[row, c]);
        return total;
    }

    /// <summary>The sum of squared differences of scores; in one direction, of absolute ones.</summary>
    sealed class Squares(Fault fault) : IDivergence
    {
        public Tensor Compute(Tensor first, Tensor second, Tensor? mask = null) => Compute(first, second, mask, difference => difference.square());

        public Tensor ComputeFrom(Tensor reference, Tensor scores, Tensor? mask = null) =>
            Compute(reference, scores, mask, difference => fault == Fault.WrongDirection ? difference.square() : difference.abs());

        Tensor Compute(Tensor first, Tensor second, Tensor? mask, Func<Tensor, Tensor> term)
        {
            using var scope = NewDisposeScope();
            if (fault == Fault.LeaksTensor) zeros(1).DetachFromDisposeScope();
            if (fault == Fault.DrawsFromGlobalGenerator) rand(1);
            if (fault == Fault.ChangesScores) Add(first, 1);
            var narrow = first.dtype == ScalarType.BFloat16 && fault != Fault.ComputesInTheNarrowType;
            var (s, t) = narrow ? (first.to(ScalarType.Float32), second.to(ScalarType.Float32)) : (first, second);
            if (fault == Fault.CutsSecondOff) t = t.detach();
            var removed = fault == Fault.ChokesOnInfinity ? zeros_like(first, ScalarType.Bool) : first.isinf().logical_or(second.isinf());
            if (mask is not null && fault != Fault.IgnoresMask) removed = removed.logical_or(~mask);
            var difference = fault == Fault.ChokesOnInfinity ? s.sub(t) : s.masked_fill(removed, 0).sub(t.masked_fill(removed, 0));
            var terms = term(difference).masked_fill(removed, 0);
            if (fault == Fault.Overflows) terms = terms.add(s.masked_fill(removed, 0).exp().mul(1e-30));
            if (fault == Fault.Asymmetric) terms = terms.add(difference.mul(0.01));
            var result = terms.sum(0L);
            if (fault == Fault.NotANumberWithoutClasses) result = result.add(removed.logical_not().sum(1L).to(terms.dtype).reciprocal().mul(0).sum());
            result = result.sum();
            if (fault == Fault.SlightlyWrong) result = result.mul(1.001);
            if (fault == Fault.NeverZero) result = result.add(0.01);
            if (fault == Fault.NeedsMask && mask is null) result = result.add(1);
            return result.MoveToOuterDisposeScope();
        }

        static void Add(Tensor scores, double value)
        {
            using var noGrad = no_grad();
            scores.detach().add_(value);
        }
    }
}
