using MLPipelines.Testing;
using MLPipelines.Trainers.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Optimizers;

[ContractOf(typeof(Lion))]
public sealed class LionContract : OptimizerContractTests
{
    protected override OptimizerContractCase Case => new(new Lion(), (parameter, gradients, rate, decay) =>
    {
        var (x, m) = ((double[])parameter.Clone(), new double[parameter.Length]);
        foreach (var g in gradients)
        {
            for (var i = 0; i < x.Length; i++)
            {
                x[i] *= 1 - rate * decay;
                x[i] -= rate * Math.Sign(0.9 * m[i] + (1 - 0.9) * g[i]);
                m[i] = 0.99 * m[i] + (1 - 0.99) * g[i];
            }
        }
        return x;
    });
}

public sealed class LionTests
{
    /// <summary>Numbers of google/automl's lion_pytorch.py, float64.</summary>
    [Fact]
    public void Follows_the_authors_implementation()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Load("lion.json");
        var (a, c) = (golden.GetProperty("a").Tensor(ScalarType.Float64), golden.GetProperty("c").Tensor(ScalarType.Float64));
        var compared = 0;
        foreach (var run in golden.GetProperty("cases").EnumerateArray())
        {
            var betas = run.GetProperty("betas");
            using var x = new Parameter(golden.GetProperty("x0").Tensor(ScalarType.Float64));
            ParameterGroup[] groups = [new([("x", x)], run.GetProperty("weight_decay").GetDouble())];
            using var optimizer = new Lion(new() { Beta1 = betas[0].GetDouble(), Beta2 = betas[1].GetDouble() }).Create(groups);
            foreach (var expected in run.GetProperty("params_after_step").EnumerateArray())
            {
                a.mul(x.sub(c).square()).sum().mul(0.5).backward();
                using (var gradients = new GradientSet(groups)) optimizer.Step(gradients, run.GetProperty("lr").GetDouble());
                GradientSet.Clear(groups);
                Assertions.Close(expected.Tensor(ScalarType.Float64).Doubles(), x.Doubles(), 0, 1e-12);
                compared++;
            }
        }
        Assert.True(compared >= 5);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Elements_without_momentum_and_gradient_do_not_move(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var x = new Parameter(ones(19, dtype: dtype));
        ParameterGroup[] groups = [new([("x", x)])];
        using var optimizer = new Lion().Create(groups);
        x.grad = zeros(19, dtype: dtype);
        using var gradients = new GradientSet(groups);
        optimizer.Step(gradients, 0.1);
        Assert.All(x.Doubles(), value => Assert.Equal(1, value));
    }
}
