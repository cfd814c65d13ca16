using MLPipelines.Trainers.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Optimizers;

/// <summary>What a token that was seen once does to its row of the table: with a sign optimiser it drifts to ∓1/λ unless rows without a gradient are left alone.</summary>
public sealed class SignDriftTests
{
    const double Decay = 0.01;
    const int Width = 11;

    static IOptimizer Make(string name, bool lazy, ParameterGroup[] groups) => name == "lion"
        ? new Lion(new() { LazyEmbeddings = lazy }).Create(groups)
        : new Tiger(new() { LazyEmbeddings = lazy }).Create(groups);

    /// <summary>Tiger's steps are relative: a row that moves towards 0 vanishes there instead of passing, so its row begins on the other side.</summary>
    static double Start(string name) => name == "lion" ? 0.5 : -0.5;

    /// <summary>One step with a gradient for row 1 only, then steps in which only row 0 has one.</summary>
    static double[] RowSeenOnce(string name, bool lazy, bool sparse, ScalarType dtype, int steps, double rate)
    {
        using var scope = NewDisposeScope();
        var start = full([3, Width], Start(name), dtype);
        using var table = nn.Embedding_from_pretrained(start, freeze: false, sparse: sparse);
        var weight = table.weight!;
        ParameterGroup[] groups = [new([("table", weight)], Decay) { Role = ParameterRole.Embedding }];
        using var optimizer = Make(name, lazy, groups);
        double[]? once = null;
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            table.call(tensor(new long[] { step == 0 ? 1 : 0 })).sum().backward();
            using (var gradients = new GradientSet(groups)) optimizer.Step(gradients, rate);
            GradientSet.Clear(groups);
            once ??= weight[1].Doubles();
        }
        var unseen = weight[2].Doubles();
        if (lazy)
        {
            Assert.Equal(once!, weight[1].Doubles());
            Assert.All(unseen, value => Assert.Equal(Start(name), value));
        }
        else
        {
            Assert.All(unseen, value => Assert.True(Math.Abs(value) < 0.5, "a row that was never seen decays"));
        }
        return weight[1].Doubles();
    }

    [Theory]
    [InlineData("lion", false, ScalarType.Float32)]
    [InlineData("lion", true, ScalarType.Float32)]
    [InlineData("lion", false, ScalarType.Float64)]
    [InlineData("tiger", false, ScalarType.Float32)]
    [InlineData("tiger", true, ScalarType.Float32)]
    [InlineData("tiger", false, ScalarType.Float64)]
    public void Without_the_remedy_a_row_seen_once_drifts_to_the_inverse_of_the_decay(string name, bool sparse, ScalarType dtype)
    {
        // θ ← θ − η(1 + λθ) has its fixed point at −1/λ. Large steps get there before the momentum underflows to 0.
        var row = RowSeenOnce(name, lazy: false, sparse, dtype, steps: 900, rate: name == "lion" ? 1 : 0.2);
        Assertions.Close([.. Enumerable.Repeat(-1 / Decay, Width)], row, name == "lion" ? 1e-3 : 1e-2);
    }

    [Theory]
    [InlineData("lion", false, ScalarType.Float32)]
    [InlineData("lion", true, ScalarType.Float32)]
    [InlineData("lion", false, ScalarType.Float64)]
    [InlineData("tiger", false, ScalarType.Float32)]
    [InlineData("tiger", true, ScalarType.Float32)]
    [InlineData("tiger", false, ScalarType.Float64)]
    public void With_lazy_rows_it_stays_where_its_only_gradient_put_it(string name, bool sparse, ScalarType dtype)
    {
        var row = RowSeenOnce(name, lazy: true, sparse, dtype, steps: 200, rate: 0.1);
        Assert.All(row, value => Assert.InRange(value, Start(name) - 0.11, Start(name) - 0.04));
    }
}
