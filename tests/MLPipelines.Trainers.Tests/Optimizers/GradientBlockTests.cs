using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using AdamW = MLPipelines.Trainers.Optimizers.AdamW;

namespace MLPipelines.Trainers.Tests.Optimizers;

/// <summary>Parameters that operators update, which those in float64 are on the CPU too, and all on a GPU: together they become what each becomes alone.</summary>
public sealed class GradientBlockTests
{
    static readonly long[][] s_shapes = [[3, 4], [5], [2, 2, 2], [1 << 20]];

    /// <summary>Which parameters have a gradient in each step: some miss one, and blocks form anew.</summary>
    static readonly int[][] s_steps = [[0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3], [0, 1, 2], [0, 2], [3], [0, 1, 2, 3], [0, 1, 2, 3]];

    public static TheoryData<IOptimizerFactory, bool> Factories => new() { { new AdamW(), false }, { new AdamW(), true }, { new Lion(), false }, { new Lion(), true } };

    [Theory]
    [MemberData(nameof(Factories))]
    public void Together_is_as_alone(IOptimizerFactory factory, bool goesOnFromState)
    {
        using var scope = NewDisposeScope();
        var (together, alone) = (Make(), Make());
        ParameterGroup[] one = [new(together, 0.1)];
        ParameterGroup[] many = [.. alone.Select(p => new ParameterGroup([p], 0.1))];
        var (first, second) = (factory.Create(one), factory.Create(many));
        try
        {
            for (var step = 0; step < s_steps.Length; step++)
            {
                using var generator = new Generator((ulong)step);
                foreach (var i in s_steps[step])
                {
                    var gradient = randn(s_shapes[i], ScalarType.Float64, generator: generator);
                    together[i].Parameter.grad = gradient;
                    alone[i].Parameter.grad = gradient.clone();
                }

                using (var a = new GradientSet(one))
                using (var b = new GradientSet(many))
                {
                    Assert.Equal(s_steps[step].Count(i => i < 3) > 1 ? [.. s_steps[step].Where(i => i < 3)] : [], a.Block(one[0])?.Parameters.Select(p => p.Name[0] - 'a') ?? []);
                    Assert.All(many, group => Assert.Null(b.Block(group)));
                    Assert.Equal(b.Norm(), a.Norm(), 1e-6 * b.Norm());
                    (a.Scale, b.Scale) = (0.5, 0.5);
                    first.Step(a, 0.01);
                    second.Step(b, 0.01);
                }

                GradientSet.Clear(one);
                GradientSet.Clear(many);
                Assert.All(together.Zip(alone), pair => Assert.Equal(pair.Second.Parameter.Doubles(), pair.First.Parameter.Doubles()));
                if (goesOnFromState) first = Reload(first, factory.Create(one));
            }
        }
        finally
        {
            first.Dispose();
            second.Dispose();
        }
    }

    [Fact]
    public void Tables_have_no_block_since_their_rows_are_told_apart()
    {
        using var scope = NewDisposeScope();
        var parameters = Make();
        foreach (var (_, parameter) in parameters) parameter.grad = zeros_like(parameter);
        ParameterGroup[] groups = [new(parameters) { Role = ParameterRole.Embedding }];
        using var gradients = new GradientSet(groups);
        Assert.Null(gradients.Block(groups[0]));
    }

    static IOptimizer Reload(IOptimizer from, IOptimizer to)
    {
        var state = new TrainingState();
        from.Save(state);
        to.Load(state);
        from.Dispose();
        return to;
    }

    static List<(string Name, Parameter Parameter)> Make()
    {
        using var generator = new Generator(7);
        return [.. s_shapes.Select((shape, i) => ($"{(char)('a' + i)}", new Parameter(randn(shape, ScalarType.Float64, generator: generator))))];
    }
}
