using MLPipelines.Testing;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Core.Tests.Contract;

[Collection(ContractCollection.Name)]
public sealed class OptimizerMutantTests
{
    public enum Fault
    {
        None,
        SlightlyWrongRate,
        DoesNothing,
        DecaysEverything,
        IgnoresRateFactor,
        IgnoresGradientScale,
        MovesParametersWithoutGradient,
        ClearsGradients,
        RemembersEarlierRuns,
        SkipsSparseGradients,
        DrawsFromGlobalGenerator,
        LeaksMoments,
        ForgetsMoments,
        ChangesWhenSaved,
    }

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.SlightlyWrongRate, nameof(OptimizerChecks.EqualsPlainImplementation) },
        { Fault.DoesNothing, nameof(OptimizerChecks.SolvesQuadratic) },
        { Fault.DecaysEverything, nameof(OptimizerChecks.GroupsWithoutDecayDoNotDecay) },
        { Fault.IgnoresRateFactor, nameof(OptimizerChecks.RateFactorScalesTheLearningRate) },
        { Fault.IgnoresGradientScale, nameof(OptimizerChecks.GradientScaleIsApplied) },
        { Fault.MovesParametersWithoutGradient, nameof(OptimizerChecks.ParametersWithoutGradientStay) },
        { Fault.ClearsGradients, nameof(OptimizerChecks.GradientsAreLeftAlone) },
        { Fault.RemembersEarlierRuns, nameof(OptimizerChecks.NewOptimizerHasNoMemory) },
        { Fault.SkipsSparseGradients, nameof(OptimizerChecks.SparseGradientEqualsDense) },
        { Fault.DrawsFromGlobalGenerator, nameof(OptimizerChecks.GlobalStateIsUntouched) },
        { Fault.LeaksMoments, nameof(OptimizerChecks.FreesNativeMemory) },
        { Fault.ForgetsMoments, nameof(OptimizerChecks.SavedStateContinuesExactly) },
        { Fault.ChangesWhenSaved, nameof(OptimizerChecks.SavedStateContinuesExactly) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check) => Mutants.RequireCaught(OptimizerChecks.All, check, Case(fault));

    [Fact]
    public void Correct_optimizer_passes_every_check() => Mutants.RequirePasses(OptimizerChecks.All, Case(Fault.None));

    [Fact]
    public void Every_check_has_killed_a_mutant() => Mutants.RequireEveryCheckHasKilled(OptimizerChecks.All, Faults.Select(row => (string)row[1]));

    static OptimizerContractCase Case(Fault fault) => new(new Momentum(fault), Reference);

    static double[] Reference(double[] parameter, IReadOnlyList<double[]> gradients, double learningRate, double weightDecay)
    {
        var (x, m) = ((double[])parameter.Clone(), new double[parameter.Length]);
        foreach (var gradient in gradients)
        {
            for (var i = 0; i < x.Length; i++)
            {
                m[i] = (0.5 * m[i]) + gradient[i];
                x[i] -= learningRate * (m[i] + (weightDecay * x[i]));
            }
        }

        return x;
    }

    /// <summary>m ← m/2 + g; x ← x − η(m + λx).</summary>
    sealed class Momentum(Fault fault) : IOptimizerFactory
    {
        int _runs;

        public IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => new Run(fault, groups, ++_runs);
    }

    sealed class Run(Fault fault, IReadOnlyList<ParameterGroup> groups, int number) : IOptimizer
    {
        readonly Dictionary<string, Tensor> _moments = [];

        public IReadOnlyList<ParameterGroup> Groups => groups;

        public void Step(GradientSet gradients, double learningRate)
        {
            using var noGrad = no_grad();
            if (fault == Fault.DrawsFromGlobalGenerator) rand(1).Dispose();
            if (fault == Fault.DoesNothing) return;
            foreach (var group in groups)
            {
                var rate = learningRate * (fault == Fault.IgnoresRateFactor ? 1 : group.RateFactor);
                if (fault == Fault.SlightlyWrongRate) rate *= 1.001;
                if (fault == Fault.RemembersEarlierRuns) rate *= number;
                foreach (var (name, parameter) in group.Parameters)
                {
                    using var scope = NewDisposeScope();
                    if (parameter.grad is not { } gradient)
                    {
                        if (fault == Fault.MovesParametersWithoutGradient) parameter.add_(0.1);
                        continue;
                    }

                    if (gradient.is_sparse && fault == Fault.SkipsSparseGradients) continue;
                    var dense = gradient.is_sparse ? gradient.to_dense() : gradient.clone();
                    if (fault != Fault.IgnoresGradientScale) dense = dense.mul(gradients.Scale);
                    if (!_moments.TryGetValue(name, out var moment)) _moments.Add(name, moment = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope());
                    moment.mul_(0.5).add_(dense);
                    var decay = fault == Fault.DecaysEverything ? 0.5 : group.WeightDecay;
                    parameter.sub_(moment.add(parameter.mul(decay)).mul(rate));
                    if (fault == Fault.ClearsGradients) gradient.zero_();
                }
            }
        }

        public void Save(TrainingState state)
        {
            foreach (var (name, moment) in _moments)
            {
                state.Put(name, moment);
                if (fault == Fault.ChangesWhenSaved) moment.zero_();
            }
        }

        public void Load(TrainingState state)
        {
            foreach (var (name, parameter) in groups.SelectMany(group => group.Parameters).Where(p => state.Has(p.Name)))
            {
                var moment = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
                if (fault != Fault.ForgetsMoments) state.CopyTo(name, moment);
                _moments.Add(name, moment);
            }
        }

        public void Dispose()
        {
            if (fault == Fault.LeaksMoments) return;
            foreach (var moment in _moments.Values) moment.Dispose();
        }
    }
}
