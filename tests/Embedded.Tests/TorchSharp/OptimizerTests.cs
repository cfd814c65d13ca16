using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class OptimizerTests
{
    private static Parameter Start() => nn.Parameter(tensor(new[] { 1.0, -2.0 }));

    private static void Step(optim.Optimizer optimizer, Parameter parameter)
    {
        optimizer.zero_grad();
        parameter.pow(2).sum().backward();
        optimizer.step();
    }

    [Fact]
    public void Gradient_descent_follows_the_gradient()
    {
        var w = Start();
        using var optimizer = optim.SGD([w], 0.1);
        Step(optimizer, w);
        Expect.Equal(w, 0.8, -1.6);
        Step(optimizer, w);
        Expect.Equal(w, 0.64, -1.28);
    }

    [Fact]
    public void Momentum_adds_up_and_decay_pulls_to_zero()
    {
        var w = Start();
        using var optimizer = optim.SGD([w], 0.1, momentum: 0.5, weight_decay: 1);
        // Gradient 2w + w; velocity v = 0.5 v + gradient.
        Step(optimizer, w);
        Expect.Equal(w, 0.7, -1.4);
        Step(optimizer, w);
        Expect.Equal(w, 0.7 - 0.1 * (0.5 * 3 + 2.1), -1.4 + 0.1 * (0.5 * 6 + 4.2));
    }

    [Fact]
    public void AdamW_decays_apart_from_the_gradient()
    {
        var w = Start();
        using var optimizer = optim.AdamW([w], lr: 0.1, weight_decay: 0.5);
        Step(optimizer, w);
        // At the first step the corrected moments are the gradient and its square: a step of lr against its sign.
        Expect.Close(w, 1e-7, 1 * 0.95 - 0.1, -2 * 0.95 + 0.1);

        double value = 0.85, mean = 0.1 * 2, square = 0.001 * 4;
        for (var step = 2; step <= 4; step++)
        {
            Step(optimizer, w);
            var gradient = 2 * value;
            (mean, square) = (0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient * gradient);
            value = value * 0.95 - 0.1 * (mean / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(square / (1 - Math.Pow(0.999, step))) + 1e-8);
            Assert.Equal(value, w[0].ToDouble(), 1e-7);
        }
    }

    [Fact]
    public void Groups_have_their_own_settings()
    {
        var (a, b) = (Start(), Start());
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([a], new SGD.Options { LearningRate = 0.5 }), new SGD.ParamGroup { Parameters = [b] }], 0.25);
        (a.sum() + b.sum()).backward();
        optimizer.step();
        Expect.Equal(a, 0.5, -2.5);
        Expect.Equal(b, 0.75, -2.25);
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.LearningRate));
        optimizer.ParamGroups.First().LearningRate = 1;
        optimizer.step();
        Expect.Equal(a, -0.5, -3.5);
        Assert.Equal(2, optimizer.parameters().Count());
    }
}
