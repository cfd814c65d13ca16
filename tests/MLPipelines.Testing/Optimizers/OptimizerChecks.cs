using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>The checks of the optimiser contract.</summary>
static class OptimizerChecks
{
    const int Size = 6;
    const int Steps = 10;

    public static IEnumerable<ContractCheck<OptimizerContractCase>> All =>
    [
        new(EqualsPlainImplementation), new(SolvesQuadratic), new(GroupsWithoutDecayDoNotDecay), new(RateFactorScalesTheLearningRate), new(GradientScaleIsApplied),
        new(ParametersWithoutGradientStay), new(GradientsAreLeftAlone), new(NewOptimizerHasNoMemory), new(SparseGradientEqualsDense), new(SavedStateContinuesExactly), new(GlobalStateIsUntouched), new(FreesNativeMemory),
    ];

    public static void EqualsPlainImplementation(OptimizerContractCase @case)
    {
        foreach (var decay in (ReadOnlySpan<double>)[0, 0.1])
        {
            var (start, gradients) = Random(seed: 1);
            var expected = @case.Reference(start, gradients, @case.LearningRate, decay);
            Near(expected, Run(@case, start, gradients, decay), @case.Tolerance, $"ten steps with decay {decay} differ from the plain implementation");
        }
    }

    public static void SolvesQuadratic(OptimizerContractCase @case)
    {
        const int Count = 300;
        double[] goal = [3, -2, 1, 0, 0.5, -1];
        using var parameter = Parameter([.. Enumerable.Repeat(@case.Start, Size)]);
        using var optimizer = @case.Factory.Create([new([("x", parameter)]) { Role = @case.Role }]);
        for (var step = 0; step < Count; step++) Step(optimizer, @case.LearningRate * (Count - step) / Count, (parameter, [.. Values(parameter).Zip(goal, (x, y) => x - y)]));
        Require.That(
            Values(parameter).Zip(goal).All(pair => Math.Abs(pair.First - pair.Second) < 0.05),
            $"after {Count} steps of a quadratic with its minimum at [{string.Join(", ", goal)}] the parameter is [{string.Join(", ", Values(parameter))}]");
    }

    public static void GroupsWithoutDecayDoNotDecay(OptimizerContractCase @case)
    {
        var start = Enumerable.Repeat(2.0, Size).ToArray();
        using var decays = Parameter(start);
        using var stays = Parameter(start);
        using var optimizer = @case.Factory.Create([new([("a", decays)], WeightDecay: 0.5) { Role = @case.Role }, new([("b", stays)]) { Role = @case.Role }]);
        for (var step = 0; step < Steps; step++) Step(optimizer, @case.LearningRate, (decays, new double[Size]), (stays, new double[Size]));
        Near(start, Values(stays), 0, "a parameter of a group without decay, with zero gradients, moved");
        Require.That(Values(decays).All(value => value is > 0 and < 2), "a parameter of a group with decay did not decay towards zero");
    }

    public static void RateFactorScalesTheLearningRate(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 2);
        var expected = @case.Reference(start, gradients, @case.LearningRate * 0.25, 0.1);
        Near(expected, Run(@case, start, gradients, 0.1, rateFactor: 0.25), @case.Tolerance, "a rate factor differs from a smaller learning rate");
    }

    public static void GradientScaleIsApplied(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 3);
        var scaled = gradients.ConvertAll(gradient => gradient.Select(value => 0.5 * value).ToArray());
        Near(@case.Reference(start, scaled, @case.LearningRate, 0), Run(@case, start, gradients, 0, scale: 0.5), @case.Tolerance, "the gradients' common factor was not applied");
    }

    public static void ParametersWithoutGradientStay(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 4);
        using var used = Parameter(start);
        using var unused = Parameter(start);
        using var optimizer = @case.Factory.Create([new([("used", used), ("unused", unused)], WeightDecay: 0.1) { Role = @case.Role }]);
        foreach (var gradient in gradients) Step(optimizer, @case.LearningRate, (used, gradient));
        Near(start, Values(unused), 0, "a parameter that never had a gradient was changed");
    }

    public static void GradientsAreLeftAlone(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 5);
        using var parameter = Parameter(start);
        using var optimizer = @case.Factory.Create([new([("x", parameter)])]);
        SetGradient(parameter, gradients[0]);
        using (var set = new GradientSet(optimizer.Groups)) optimizer.Step(set, @case.LearningRate);
        using (no_grad())
        {
            using var left = parameter.grad;
            Near(gradients[0], Values(left!), 1e-6, "the optimiser changed the gradients");
        }

        GradientSet.Clear(optimizer.Groups);
        Require.That(parameter.requires_grad, "the optimiser turned off the parameter's gradient");
    }

    public static void NewOptimizerHasNoMemory(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 6);
        Near(Run(@case, start, gradients, 0.1), Run(@case, start, gradients, 0.1), 0, "a second optimiser of the same component gives other numbers");
    }

    public static void SparseGradientEqualsDense(OptimizerContractCase @case)
    {
        Near(Rows(sparse: false), Rows(sparse: true), @case.Tolerance, "the rows of a table with sparse gradients differ from those with dense ones");

        double[] Rows(bool sparse)
        {
            using var scope = NewDisposeScope();
            using var embedding = nn.Embedding_from_pretrained(arange(12, ScalarType.Float32).reshape(4, 3), freeze: false, sparse: sparse);
            var table = embedding.weight!;
            using var optimizer = @case.Factory.Create([new([("table", table)], WeightDecay: 0.1)]);
            foreach (var ids in new long[][] { [0, 2], [2, 2], [1, 0] })
            {
                using var inner = NewDisposeScope();
                embedding.call(tensor(ids)).square().sum().backward();
                using (var set = new GradientSet(optimizer.Groups)) optimizer.Step(set, @case.LearningRate);
                GradientSet.Clear(optimizer.Groups);
            }

            return Values(table);
        }
    }

    /// <summary>A run that is saved after half of its steps ends with the same bits, continued by the same optimiser or by a fresh one that loads what was saved.</summary>
    public static void SavedStateContinuesExactly(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 9);
        foreach (var half in (ReadOnlySpan<int>)[0, Steps / 2])
        {
            var straight = Interrupted(half, (optimizer, _) => optimizer);
            var saved = Interrupted(half, (optimizer, _) =>
            {
                optimizer.Save(new TrainingState());
                return optimizer;
            });
            Near(straight, saved, 0, $"saving after {half} steps changes a run");
            var continued = Interrupted(half, (optimizer, groups) =>
            {
                var (state, again) = (new TrainingState(), new TrainingState());
                optimizer.Save(state);
                using (var copy = Loaded(groups, state)) copy.Save(again);
                Require.That(state.Names.SequenceEqual(again.Names), $"state saved as [{string.Join(", ", state.Names)}] is loaded and saved again as [{string.Join(", ", again.Names)}]");
                return Loaded(groups, state);
            });
            Near(straight, continued, 0, $"a run that was interrupted after {half} steps ends elsewhere");
        }

        double[] Interrupted(int half, Func<IOptimizer, IReadOnlyList<ParameterGroup>, IOptimizer> interrupt)
        {
            using var parameter = Parameter(start);
            using var late = Parameter(start);
            IReadOnlyList<ParameterGroup> groups = [new([("x", parameter), ("late", late)], 0.1) { Role = @case.Role }];
            using var before = @case.Factory.Create(groups);
            foreach (var gradient in gradients[..half]) Step(before, @case.LearningRate, (parameter, gradient));
            using var after = interrupt(before, groups);
            foreach (var gradient in gradients[half..]) Step(after, @case.LearningRate, (parameter, gradient), (late, gradient));
            return [.. Values(parameter), .. Values(late)];
        }

        IOptimizer Loaded(IReadOnlyList<ParameterGroup> groups, TrainingState state)
        {
            var optimizer = @case.Factory.Create(groups);
            optimizer.Load(state);
            return optimizer;
        }
    }

    public static void GlobalStateIsUntouched(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 7);
        var before = TorchState.Capture();
        Run(@case, start, gradients, 0.1);
        before.RequireUnchanged("the optimiser");
    }

    public static void FreesNativeMemory(OptimizerContractCase @case)
    {
        var (start, gradients) = Random(seed: 8);
        Run(@case, start, gradients, 0.1);
        NativeMemory.RequireNoLeak("the optimiser", 5, () => Run(@case, start, gradients, 0.1));
    }

    static double[] Run(OptimizerContractCase @case, double[] start, List<double[]> gradients, double decay, double rateFactor = 1, double scale = 1)
    {
        using var parameter = Parameter(start);
        using var optimizer = @case.Factory.Create([new([("x", parameter)], decay, rateFactor) { Role = @case.Role }]);
        foreach (var gradient in gradients) Step(optimizer, @case.LearningRate, scale, (parameter, gradient));
        return Values(parameter);
    }

    static void Step(IOptimizer optimizer, double learningRate, params (Parameter Parameter, double[] Gradient)[] gradients) => Step(optimizer, learningRate, 1, gradients);

    static void Step(IOptimizer optimizer, double learningRate, double scale, params (Parameter Parameter, double[] Gradient)[] gradients)
    {
        foreach (var (parameter, gradient) in gradients) SetGradient(parameter, gradient);
        using (var set = new GradientSet(optimizer.Groups) { Scale = scale }) optimizer.Step(set, learningRate);
        GradientSet.Clear(optimizer.Groups);
    }

    // As a backward pass leaves it: the gradient of Σ gᵢ·xᵢ is g.
    static void SetGradient(Parameter parameter, double[] gradient)
    {
        using var scope = NewDisposeScope();
        parameter.mul(tensor(gradient, ScalarType.Float32)).sum().backward();
    }

    static Parameter Parameter(double[] values) => new(tensor(values, ScalarType.Float32));

    static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return [.. tensor.detach().to(ScalarType.Float64).reshape(-1).data<double>()];
    }

    static (double[] Start, List<double[]> Gradients) Random(int seed)
    {
        var random = new Random(seed);
        return (Vector(), [.. Enumerable.Range(0, Steps).Select(_ => Vector())]);

        double[] Vector() => [.. Enumerable.Range(0, Size).Select(_ => (double)(float)(2 * random.NextDouble() - 1))];
    }

    static void Near(double[] expected, double[] actual, double tolerance, string message)
        => Require.That(
            expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance * Math.Max(1, Math.Abs(pair.First))),
            $"{message}: [{string.Join(", ", expected)}] and [{string.Join(", ", actual)}]");
}
