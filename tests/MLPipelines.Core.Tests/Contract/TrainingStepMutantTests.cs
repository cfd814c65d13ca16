using MLPipelines.Testing;
using MLPipelines.Trainers.Steps;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Core.Tests.Contract;

[Collection(ContractCollection.Name)]
public sealed class TrainingStepMutantTests
{
    public enum Fault
    {
        None,
        SkipsSecondPass,
        UpdatesTwice,
        ActsWhenNeutral,
        HasNoEffect,
        CutsSecondPassOff,
        ChangesWeightsInEvaluation,
        SkipsEvaluation,
        LeavesWeightsMoved,
        LeavesOtherBatch,
        DrawsItsOwnNumbers,
        ForgetsState,
        SavesNothing,
        DrawsFromGlobalGenerator,
        LeaksTensor,
    }

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.SkipsSecondPass, nameof(TrainingStepChecks.InnerStagesRunAsDocumented) },
        { Fault.UpdatesTwice, nameof(TrainingStepChecks.InnerStagesRunAsDocumented) },
        { Fault.ActsWhenNeutral, nameof(TrainingStepChecks.NeutralOptionsChangeNothing) },
        { Fault.HasNoEffect, nameof(TrainingStepChecks.HasAnEffect) },
        { Fault.CutsSecondPassOff, nameof(TrainingStepChecks.GradientFlowsThroughEveryPass) },
        { Fault.ChangesWeightsInEvaluation, nameof(TrainingStepChecks.EvaluationLeavesTheModuleAsItWas) },
        { Fault.SkipsEvaluation, nameof(TrainingStepChecks.EvaluationLeavesTheModuleAsItWas) },
        { Fault.LeavesWeightsMoved, nameof(TrainingStepChecks.FailedPassLeavesWeightsAndBatch) },
        { Fault.LeavesOtherBatch, nameof(TrainingStepChecks.FailedPassLeavesWeightsAndBatch) },
        { Fault.ForgetsState, nameof(TrainingStepChecks.SavedStateIsLoaded) },
        { Fault.SavesNothing, nameof(TrainingStepChecks.SavedStateIsLoaded) },
        { Fault.DrawsItsOwnNumbers, nameof(TrainingStepChecks.SameSeedGivesSameNumbers) },
        { Fault.DrawsFromGlobalGenerator, nameof(TrainingStepChecks.GlobalStateIsUntouched) },
        { Fault.LeaksTensor, nameof(TrainingStepChecks.FreesNativeMemory) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check) => Mutants.RequireCaught(TrainingStepChecks.All, check, Case(fault));

    [Fact]
    public void Correct_step_passes_every_check() => Mutants.RequirePasses(TrainingStepChecks.All, Case(Fault.None));

    [Fact]
    public void Every_check_has_killed_a_mutant() => Mutants.RequireEveryCheckHasKilled(TrainingStepChecks.All, Faults.Select(row => (string)row[1]));

    static TrainingStepContractCase Case(Fault fault) => new(() => new Twice(fault, 0.5), () => new Twice(fault, 0)) { ForwardPasses = 2 };

    /// <summary>Runs the forward pass twice and adds the square of the second loss, weighted: middleware of the shape of R-Drop.</summary>
    sealed class Twice(Fault fault, double weight) : ITrainingStep, ITrainingState
    {
        long _steps;

        public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
        {
            if (fault == Fault.LeaksTensor) zeros(1).DetachFromDisposeScope();
            if (fault == Fault.DrawsFromGlobalGenerator) rand(1);
            _steps++;
            var batch = context.Batch;
            if (fault == Fault.LeavesOtherBatch) context.Batch = batch with { };
            if (fault == Fault.LeavesWeightsMoved) Move(context.Task.Module, 0.5);
            var first = next(context);
            if (fault == Fault.LeavesWeightsMoved) Move(context.Task.Module, -0.5);
            context.Batch = batch;
            if (fault == Fault.SkipsSecondPass) return first.mul(1 + weight);
            var second = next(context);
            if (fault == Fault.CutsSecondPassOff) second = second.detach();
            if (fault == Fault.HasNoEffect) return first.add(second).mul(0.5);
            var used = fault == Fault.ActsWhenNeutral ? 0.5 : weight;
            if (fault == Fault.DrawsItsOwnNumbers) used *= 1 + new Random().NextDouble();
            return first.add(second.square().mul(used));
        }

        public void Update(StepContext context, Action<StepContext> next)
        {
            next(context);
            if (fault == Fault.UpdatesTwice) next(context);
        }

        public void Evaluate(nn.Module module, Action next)
        {
            if (fault == Fault.ChangesWeightsInEvaluation) Move(module, 0.01);
            if (fault != Fault.SkipsEvaluation) next();
        }

        public void Save(TrainingState state)
        {
            if (fault != Fault.SavesNothing) state.Put("steps", _steps);
        }

        public void Load(TrainingState state) => _steps = fault is Fault.ForgetsState or Fault.SavesNothing ? 0 : state.Integers("steps")[0];

        static void Move(nn.Module module, double by)
        {
            using var noGrad = no_grad();
            foreach (var parameter in module.parameters()) parameter.add_(by);
        }
    }
}
