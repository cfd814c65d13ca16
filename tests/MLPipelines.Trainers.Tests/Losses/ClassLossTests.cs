using MLPipelines.Testing;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Losses;

[ContractOf(typeof(SoftmaxCrossEntropyLoss))]
public sealed class SoftmaxCrossEntropyLossContract : LossContractTests
{
    static readonly double[] s_weights = [1, 2, 0.5, 1, 3, 0.25, 1];

    protected override LossContractCase Case => new(
        new SoftmaxCrossEntropyLoss(new() { ClassWeights = s_weights }),
        truth => tensor(Enumerable.Range(0, truth.GetLength(0)).Select(row => (long)ClassLossTests.TrueClass(truth, row)).ToArray()),
        (scores, truth, exists) => Enumerable.Range(0, scores.GetLength(0)).Average(row =>
        {
            var c = ClassLossTests.TrueClass(truth, row);
            return -s_weights[c] * ClassLossTests.LogProbability(scores, exists, row, c);
        }))
    {
        OneClassPerRow = true,
    };
}

[ContractOf(typeof(SigmoidCrossEntropyLoss))]
public sealed class SigmoidCrossEntropyLossContract : LossContractTests
{
    protected override LossContractCase Case => new(
        new SigmoidCrossEntropyLoss(),
        truth => tensor(truth.Cast<double>().ToArray(), [truth.GetLength(0), truth.GetLength(1)]),
        (scores, truth, exists) => Enumerable.Range(0, scores.GetLength(0)).Average(row => Enumerable.Range(0, scores.GetLength(1)).Where(c => exists[row, c]).Sum(c =>
            truth[row, c] * SoftPlus(-scores[row, c]) + (1 - truth[row, c]) * SoftPlus(scores[row, c]))))
    {
        SoftTargets = true,
    };

    static double SoftPlus(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));
}

public sealed class ClassLossTests
{
    internal static int TrueClass(double[,] truth, int row) => Enumerable.Range(0, truth.GetLength(1)).Single(c => truth[row, c] == 1);

    internal static double LogProbability(double[,] scores, bool[,] exists, int row, int c)
    {
        var present = Enumerable.Range(0, scores.GetLength(1)).Where(k => exists[row, k]).ToList();
        var max = present.Max(k => scores[row, k]);
        return scores[row, c] - max - Math.Log(present.Sum(k => Math.Exp(scores[row, k] - max)));
    }

    static Tensor Scores(params double[] values) => tensor(values, [values.Length / 3, 3]);

    [Fact]
    public void Smoothing_spreads_a_part_of_the_target_over_the_classes_that_exist()
    {
        using var scope = NewDisposeScope();
        var scores = Scores(1, -0.5, 2);
        var loss = new SoftmaxCrossEntropyLoss(new() { LabelSmoothing = 0.3 });
        var logs = scores.log_softmax(-1).Doubles();
        var expected = -(0.7 * logs[2] + 0.3 * logs.Average());
        Assert.Equal(expected, loss.Compute(scores, tensor(new[] { 2L })).item<double>(), 1e-12);

        var two = Scores(1, -0.5, 2)[.., 1..].log_softmax(-1).Doubles();
        var masked = loss.Compute(scores, tensor(new[] { 2L }), tensor(new[] { false, true, true }, [1, 3]));
        Assert.Equal(-(0.7 * two[1] + 0.3 * two.Average()), masked.item<double>(), 1e-12);
    }

    [Fact]
    public void Distribution_with_all_weight_on_one_class_equals_that_class()
    {
        using var scope = NewDisposeScope();
        var scores = Scores(1, -0.5, 2, 0, 3, -1);
        var loss = new SoftmaxCrossEntropyLoss(new() { LabelSmoothing = 0.1, ClassWeights = [1, 2, 3] });
        var hard = loss.Compute(scores, tensor(new[] { 2L, 0L })).item<double>();
        Assert.Equal(hard, loss.Compute(scores, tensor(new[] { 0.0, 0, 1, 1, 0, 0 }, [2, 3])).item<double>(), 1e-12);
    }

    [Fact]
    public void Soft_distribution_is_learned_as_it_is()
    {
        using var scope = NewDisposeScope();
        var target = tensor(new[] { 0.2, 0.5, 0.3 }, [1, 3]);
        var scores = target.log().add(7).requires_grad_();
        new SoftmaxCrossEntropyLoss().Compute(scores, target).backward();
        Assertions.Close([0, 0, 0], scores.grad!.Doubles(), 0, 1e-12);
    }

    [Fact]
    public void Rows_without_target_are_left_out_of_the_mean_and_have_no_gradient()
    {
        using var scope = NewDisposeScope();
        var scores = Scores(1, -0.5, 2, 0, 3, -1).requires_grad_();
        var loss = new SoftmaxCrossEntropyLoss();
        var value = loss.Compute(scores, tensor(new[] { -100L, 1L }));
        Assert.Equal(loss.Compute(scores[1..], tensor(new[] { 1L })).item<double>(), value.item<double>(), 1e-12);
        value.backward();
        Assert.All(scores.grad!.Doubles()[..3], g => Assert.Equal(0, g));
        Assert.Equal(0, loss.Compute(scores, tensor(new[] { -1L, -1L })).item<double>());
    }

    [Fact]
    public void Weights_of_the_wrong_number_are_refused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => new SoftmaxCrossEntropyLoss(new() { ClassWeights = [1, 2] }).Compute(Scores(1, 2, 3), tensor(new[] { 0L })));
        Assert.Equal("MLP224: the loss needs one weight for each class. Expected: 3 weights. Got: 2.", error.Message);
        Assert.Contains("ClassWeights", Assert.Throws<ArgumentException>(() => new SoftmaxCrossEntropyLoss(new() { ClassWeights = [1, -2] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1e-6)]
    [InlineData(-1e-6)]
    public void Sigmoid_gradient_is_probability_minus_target_also_near_a_score_of_0(double score)
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { score, score }, [1, 2]).requires_grad_();
        new SigmoidCrossEntropyLoss().Compute(scores, tensor(new[] { 1.0, 0.25 }, [1, 2])).backward();
        var p = 1 / (1 + Math.Exp(-score));
        Assertions.Close([p - 1, p - 0.25], scores.grad!.Doubles(), 0, 1e-12);
    }
}
