using FsCheck;
using FsCheck.Fluent;
using MLPipelines.Testing;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Losses;

[ContractOf(typeof(SoftZlprLoss))]
public sealed class SoftZlprLossContract : LossContractTests
{
    protected override LossContractCase Case => new(
        new SoftZlprLoss(),
        truth => tensor(truth.Cast<double>().ToArray(), [truth.GetLength(0), truth.GetLength(1)]),
        (scores, truth, exists) => Enumerable.Range(0, scores.GetLength(0)).Average(row =>
        {
            var present = Enumerable.Range(0, scores.GetLength(1)).Where(c => exists[row, c]).ToList();
            return SoftZlprLossTests.LogOnePlusSum(present.Select(c => (truth[row, c], -scores[row, c]))) + SoftZlprLossTests.LogOnePlusSum(present.Select(c => (1 - truth[row, c], scores[row, c])));
        }))
    {
        SoftTargets = true,
    };
}

public sealed class SoftZlprLossTests
{
    /// <summary>ln(1 + Σ w · exp(x)) without overflow.</summary>
    internal static double LogOnePlusSum(IEnumerable<(double Weight, double X)> terms)
    {
        var list = terms.Where(term => term.Weight > 0).ToList();
        var max = Math.Max(0, list.Count == 0 ? 0 : list.Max(term => term.X));
        return max + Math.Log(Math.Exp(-max) + list.Sum(term => term.Weight * Math.Exp(term.X - max)));
    }

    /// <summary>Numbers of bert4keras' multilabel_categorical_crossentropy, whose clipping of targets by 1e-7 the tolerance allows for.</summary>
    [Theory]
    [InlineData("hard", ScalarType.Float64, 1e-6)]
    [InlineData("hard", ScalarType.Float32, 1e-5)]
    [InlineData("soft", ScalarType.Float64, 1e-10)]
    [InlineData("soft", ScalarType.Float32, 1e-5)]
    [InlineData("masked", ScalarType.Float64, 1e-6)]
    [InlineData("overflow_case", ScalarType.Float64, 1e-6)]
    public void Loss_of_every_row_is_that_of_the_authors(string name, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var block = Golden.Load("zlpr.json").At(name);
        var (scores, labels) = (block.At("scores").Tensor(dtype), block.At("labels").Tensor(dtype));
        var expected = block.At("loss_per_row").Tensor(ScalarType.Float64).Doubles();
        for (var row = 0; row < expected.Length; row++)
        {
            Assertions.Close([expected[row]], new SoftZlprLoss().Compute(scores[row].unsqueeze(0), labels[row].unsqueeze(0)).Doubles(), tolerance);
        }
    }

    /// <summary>Gradients of jy_ner's loss.</summary>
    [Theory]
    [InlineData("hard", 1e-6)]
    [InlineData("soft", 1e-9)]
    public void Gradient_is_that_of_the_reference(string name, double tolerance)
    {
        using var scope = NewDisposeScope();
        var block = Golden.Load("zlpr.json").At(name);
        var scores = block.At("scores").Tensor(ScalarType.Float64).requires_grad_();
        new SoftZlprLoss(new() { Reduction = Reduction.Sum }).Compute(scores, block.At("labels").Tensor(ScalarType.Float64)).backward();
        Assertions.Close(block.At("grad_of_sum").Tensor(ScalarType.Float64).Doubles(), scores.grad!.Doubles(), tolerance, tolerance);
    }

    [Fact]
    public void Minimum_lies_at_the_sigmoid_of_twice_the_score()
    {
        using var scope = NewDisposeScope();
        var block = Golden.Load("zlpr.json").At("soft_label_optimum");
        var scores = block.At("scores").Tensor(ScalarType.Float64).requires_grad_();
        new SoftZlprLoss().Compute(scores, block.At("labels").Tensor(ScalarType.Float64)).backward();
        Assert.All(scores.grad!.Doubles(), g => Assert.Equal(0, g, 1e-14));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Confident_correct_score_has_a_tiny_loss_and_is_not_pushed_down(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var score in new[] { 5.0, 17, 30, 100, 1e4 })
        {
            // Targets clamped by 1e-7 would give 14.06 and a gradient of +1 at a score of 30.
            var scores = tensor(new[] { score, -score }, [1, 2]).to(dtype).requires_grad_();
            var loss = new SoftZlprLoss().Compute(scores, tensor(new[] { 1.0, 0.0 }, [1, 2]));
            Assert.InRange(loss.ToDouble(), 0, 2.2 * Math.Exp(-score));
            loss.backward();
            Assert.True(scores.grad![0, 0].ToDouble() <= 0 && scores.grad![0, 1].ToDouble() >= 0);
        }
    }

    [Fact]
    public void Probability_is_the_sigmoid_of_twice_the_score() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<PositiveInt>(), (seed, count) =>
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var probabilities = Enumerable.Range(0, Math.Min(count.Get, 12)).Select(_ => 0.01 + 0.98 * random.NextDouble()).ToArray();
        var scores = tensor(probabilities.Select(t => Math.Log(t / (1 - t)) / 2).ToArray(), [1, probabilities.Length]).requires_grad_();
        new SoftZlprLoss().Compute(scores, tensor(probabilities, [1, probabilities.Length])).backward();

        // The joint optimum: every label's gradient vanishes at t = σ(2s), because both sums are then equal.
        Assertions.Close(new double[probabilities.Length], scores.grad!.Doubles(), 0, 1e-9);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Targets_in_between_lie_between_the_hard_ones() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var scores = tensor(Enumerable.Range(0, 6).Select(_ => 20 * (random.NextDouble() - 0.5)).ToArray(), [1, 6]).requires_grad_();
        var truth = tensor(Enumerable.Range(0, 6).Select(_ => (double)random.Next(2)).ToArray(), [1, 6]);
        var hard = new SoftZlprLoss().Compute(scores, truth);
        Assert.Equal(new ZlprLoss().Compute(scores, truth).item<double>(), hard.item<double>(), 1e-12);
        hard.backward();
        for (var c = 0; c < 6; c++)
        {
            var gradient = scores.grad![0, c].item<double>();
            Assert.True(truth[0, c].item<double>() == 1 ? gradient <= 0 : gradient >= 0, $"a gradient of {gradient} for a target of {truth[0, c].item<double>()}");
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Boolean_targets_are_hard_ones()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { 0.5, -0.25, 2.0 }, [1, 3]);
        var truth = tensor(new[] { true, false, true }, [1, 3]);
        Assert.Equal(new ZlprLoss().Compute(scores, truth).item<double>(), new SoftZlprLoss().Compute(scores, truth).item<double>(), 1e-12);
    }

    /// <summary>Three of four equal rows have the label: the mean of four hard losses has its minimum at σ(s) = ¾, one soft loss with target ¾ at σ(2s) = ¾.</summary>
    [Fact]
    public void Hard_labels_that_contradict_each_other_are_not_a_soft_label()
    {
        using var scope = NewDisposeScope();
        var hard = full([4, 1], Math.Log(3), ScalarType.Float64).requires_grad_();
        new SoftZlprLoss().Compute(hard, tensor(new[] { 1.0, 1, 1, 0 }, [4, 1])).backward();
        Assert.Equal(0, hard.grad!.sum().item<double>(), 1e-15);

        var soft = full([1, 1], Math.Log(3) / 2, ScalarType.Float64).requires_grad_();
        new SoftZlprLoss().Compute(soft, tensor(new[] { 0.75 }, [1, 1])).backward();
        Assert.Equal(0, soft.grad!.sum().item<double>(), 1e-15);
    }
}
