using MLPipelines.Encoders;
using MLPipelines.Testing;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Core.Tests.Contract;

[Collection(ContractCollection.Name)]
public sealed class EncoderMutantTests
{
    public enum Fault
    {
        None,
        DropsLastToken,
        IgnoresPadding,
        SeesNeighbours,
        RandomInEvaluation,
        NoDropout,
        OwnRandomNumbers,
        UnusedParameter,
        RenamedParameter,
        StateOutsideTheWeights,
        CutsLongInput,
        WritesToItsInput,
        SharedBuffer,
        AbsolutePositions,
        DrawsFromGlobalGenerator,
        LeaksTensor,
    }

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.DropsLastToken, nameof(EncoderChecks.OutputHasTheWidthPromised) },
        { Fault.IgnoresPadding, nameof(EncoderChecks.PaddingChangesNothing) },
        { Fault.SeesNeighbours, nameof(EncoderChecks.RowsDoNotSeeTheirNeighbours) },
        { Fault.RandomInEvaluation, nameof(EncoderChecks.EvaluationIsDeterministic) },
        { Fault.NoDropout, nameof(EncoderChecks.TrainingDropsOut) },
        { Fault.OwnRandomNumbers, nameof(EncoderChecks.SameGeneratorGivesSameNumbers) },
        { Fault.UnusedParameter, nameof(EncoderChecks.EveryParameterGetsAGradient) },
        { Fault.RenamedParameter, nameof(EncoderChecks.ParametersAreTheApprovedOnes) },
        { Fault.StateOutsideTheWeights, nameof(EncoderChecks.WeightsSurviveSaveAndLoad) },
        { Fault.CutsLongInput, nameof(EncoderChecks.TooLongInputNamesTheLimit) },
        { Fault.WritesToItsInput, nameof(EncoderChecks.InputIsLeftAlone) },
        { Fault.SharedBuffer, nameof(EncoderChecks.EvaluationIsThreadSafe) },
        { Fault.AbsolutePositions, nameof(EncoderChecks.OnlyDistancesMatter) },
        { Fault.DrawsFromGlobalGenerator, nameof(EncoderChecks.GlobalStateIsUntouched) },
        { Fault.LeaksTensor, nameof(EncoderChecks.FreesNativeMemory) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check) => Mutants.RequireCaught(EncoderChecks.For(Case(fault)), check, Case(fault));

    [Fact]
    public void Correct_encoder_passes_every_check() => Mutants.RequirePasses(EncoderChecks.For(Case(Fault.None)), Case(Fault.None));

    [Fact]
    public void Every_check_has_killed_a_mutant()
        => Mutants.RequireEveryCheckHasKilled(EncoderChecks.For(Case(Fault.None)).Where(check => check.Name != nameof(EncoderChecks.GpuGivesSameAnswerAsCpu)), Faults.Select(row => (string)row[1]));

    static EncoderContractCase Case(Fault fault) => new((dropout, generator) => new Pooling(fault, dropout, generator), ["table [32, 8]"]) { IsShiftInvariant = true };

    /// <summary>Adds the mean of a row's token vectors to each of them.</summary>
    sealed class Pooling : nn.Module<EncoderInput, Tensor>, IEncoder
    {
        readonly Fault _fault;
        readonly double _dropout;
        readonly Generator _generator;
        readonly double _state;
        Tensor? _shared;

        public Pooling(Fault fault, double dropout, Generator generator)
            : base(nameof(Pooling))
        {
            (_fault, _dropout, _generator) = (fault, dropout, generator);
            using var scope = NewDisposeScope();
            var values = rand([VocabularySize, HiddenSize], generator: generator);
            _state = fault == Fault.StateOutsideTheWeights ? values[0, 0].item<float>() : 0;
            Register(fault == Fault.RenamedParameter ? "weights" : "table", values);
            if (fault == Fault.UnusedParameter) Register("unused", zeros(1));
        }

        void Register(string name, Tensor values)
        {
            var parameter = new Parameter(values);
            parameter.DetachFromDisposeScope();
            register_parameter(name, parameter);
        }

        public int HiddenSize => 8;

        public int MaximumLength => 16;

        public int VocabularySize => 32;

        public object Settings => _fault;

        public override Tensor forward(EncoderInput input)
        {
            using var scope = NewDisposeScope();
            var length = input.Ids.shape[1];
            if (length > MaximumLength && _fault != Fault.CutsLongInput) throw new ArgumentOutOfRangeException(nameof(input), $"{length} tokens are more than the limit of {MaximumLength}");
            if (_fault == Fault.LeaksTensor) zeros(1).DetachFromDisposeScope();
            if (_fault == Fault.DrawsFromGlobalGenerator) rand(1);
            if (_fault == Fault.WritesToItsInput) input.Mask.fill_(true);
            var vectors = named_parameters().First().parameter[input.Ids]; // [B, T, H]
            var weights = _fault == Fault.IgnoresPadding ? ones_like(input.Mask).to(ScalarType.Float32) : input.Mask.to(ScalarType.Float32); // [B, T]
            var mean = vectors.mul(weights.unsqueeze(-1)).sum(1, keepdim: true).div(weights.sum(1).reshape(-1, 1, 1)); // [B, 1, H]
            if (_fault == Fault.SeesNeighbours) mean = mean.mean([0], keepdim: true);
            var result = vectors.add(mean).add(_state);
            if (_fault == Fault.AbsolutePositions) result = result.add(arange(length, ScalarType.Float32).reshape(1, -1, 1));
            if (_fault == Fault.DropsLastToken) result = result[.., ..^1];
            if (_fault == Fault.RandomInEvaluation) result = result.add(rand(1, generator: _generator));
            if (_fault == Fault.SharedBuffer) result = ThroughBuffer(result);
            return Drop(result).MoveToOuterDisposeScope();
        }

        Tensor Drop(Tensor x)
        {
            if (!training || _dropout == 0 || _fault == Fault.NoDropout) return x;
            using var own = new Generator((ulong)(uint)new Random().Next(), CPU);
            var kept = rand(x.shape, generator: _fault == Fault.OwnRandomNumbers ? own : _generator).ge(_dropout);
            return x.mul(kept).div(1 - _dropout);
        }

        Tensor ThroughBuffer(Tensor result)
        {
            _shared = result;
            Thread.Sleep(1);
            return _shared.add(0).mul(ReferenceEquals(_shared, result) ? 1 : 2);
        }
    }
}
