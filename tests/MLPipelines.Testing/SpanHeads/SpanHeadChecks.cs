using MLPipelines.Components;
using MLPipelines.Layers;
using MLPipelines.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>The checks of the span head contract.</summary>
static class SpanHeadChecks
{
    const int Hidden = 6;
    const int Types = 3;
    const int Length = 5;
    const int Maximum = 8;

    public static IEnumerable<ContractCheck<SpanHeadContractCase>> All =>
        [new(ScoresAgreeWithPlainArithmetic), new(EveryPairOfTokensHasAScoreForEachType), new(EveryParameterGetsAGradient), new(SettingsMakeTheSameHead), new(ParametersAreCounted), new(SameSeedGivesTheSameWeights), new(ForwardFreesNativeMemory)];

    static (nn.Module<Tensor, Tensor> Module, ISpanHead Head) Create(SpanHeadContractCase @case, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        var head = @case.Options.Create(Hidden, Types, Maximum, generator);
        Require.That(head is nn.Module<Tensor, Tensor>, "the head is no module from tensor to tensor");
        return ((nn.Module<Tensor, Tensor>)head, head);
    }

    static Tensor Input(int batch = 2)
    {
        using var generator = new Generator(7);
        return randn([batch, Length, Hidden], generator: generator);
    }

    public static void ScoresAgreeWithPlainArithmetic(SpanHeadContractCase @case)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (module, _) = Create(@case);
        using var owner = module;
        foreach (var (_, parameter) in module.named_parameters())
        {
            // Biases begin at zero, where an error in their use would not show.
            using var generator = new Generator(3);
            parameter.copy_(randn(parameter.shape, generator: generator));
        }

        module.to(ScalarType.Float64);
        var input = Input(1).to(ScalarType.Float64);
        var weights = module.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.data<double>().ToArray());
        var flat = input.data<double>().ToArray();
        var expected = @case.Reference([.. flat.Chunk(Hidden)], weights, Types);
        var actual = module.call(input).contiguous().data<double>().ToArray();
        for (var e = 0; e < Types; e++)
        for (var i = 0; i < Length; i++)
        for (var j = 0; j < Length; j++)
        {
            var got = actual[(e * Length + i) * Length + j];
            Require.That(Math.Abs(got - expected[e][i][j]) < 1e-6 * Math.Max(1, Math.Abs(got)), $"type {e}, tokens {i} to {j}: expected {expected[e][i][j]:R}, got {got:R}");
        }
    }

    public static void EveryPairOfTokensHasAScoreForEachType(SpanHeadContractCase @case)
    {
        using var scope = NewDisposeScope();
        var (module, head) = Create(@case);
        using var owner = module;
        Require.Equal(Types, head.EntityTypes, "the number of types");
        Require.That(module.call(Input()).shape.SequenceEqual([2, Types, Length, Length]), "the scores are not [B, E, T, T]");
    }

    public static void EveryParameterGetsAGradient(SpanHeadContractCase @case)
    {
        using var scope = NewDisposeScope();
        var (module, _) = Create(@case);
        using var owner = module;
        module.call(Input()).pow(2).sum().backward();
        foreach (var (name, parameter) in module.named_parameters())
            Require.That(parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0, $"'{name}' gets no gradient");
    }

    public static void SettingsMakeTheSameHead(SpanHeadContractCase @case)
    {
        using var scope = NewDisposeScope();
        var (module, head) = Create(@case);
        using var owner = module;
        var saved = SavedComponent.Write(head, head.Settings);
        var again = (SavedComponent.ReadOptions(saved) as ISpanHeadOptions)?.Create(Hidden, Types, Maximum);
        Require.That(again is not null, "the saved settings are no options of a head");
        using var copy = (nn.Module<Tensor, Tensor>)again;
        ModuleWeights.Import(copy, ModuleWeights.Export(module), ComponentInfo.Of(head.GetType()).Id);
        var input = Input();
        Require.That(module.call(input).Equals(copy.call(input)), "a head made from the saved settings and weights gives other scores");
    }

    public static void ParametersAreCounted(SpanHeadContractCase @case)
    {
        var (module, _) = Create(@case);
        using var owner = module;
        var there = module.named_parameters().Sum(parameter => parameter.parameter.numel());
        Require.Equal(there, (long)@case.Options.CountParameters(Hidden, Types), "the number of parameters that the options count");
    }

    public static void SameSeedGivesTheSameWeights(SpanHeadContractCase @case)
    {
        using var scope = NewDisposeScope();
        var ((first, _), (second, _), (other, _)) = (Create(@case), Create(@case), Create(@case, seed: 2));
        using var owners = first;
        var input = Input();
        Require.That(first.call(input).Equals(second.call(input)), "the same seed gives other weights");
        Require.That(!first.call(input).Equals(other.call(input)), "another seed gives the same weights");
        second.Dispose();
        other.Dispose();
    }

    public static void ForwardFreesNativeMemory(SpanHeadContractCase @case)
    {
        var (module, _) = Create(@case);
        using var owner = module;
        using var input = Input();
        void Forward()
        {
            using var noGrad = no_grad();
            using var scores = module.call(input);
        }

        Forward();
        NativeMemory.RequireNoLeak("forward passes", 10, Forward);
    }
}
