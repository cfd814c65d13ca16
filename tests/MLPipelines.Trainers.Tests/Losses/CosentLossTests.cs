using MLPipelines.Testing;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Losses;

[ContractOf(typeof(CosentLoss))]
public sealed class CosentLossContract : LossContractTests
{
    protected override LossContractCase Case => new(
        new CosentLoss(),
        truth => tensor(truth.Cast<double>().ToArray(), [truth.GetLength(0), truth.GetLength(1)]),
        (scores, truth, exists) => Enumerable.Range(0, scores.GetLength(0)).Average(row => CosentLossTests.Plain(
            [.. Columns(scores, row, exists)], [.. Columns(truth, row, exists)], scale: 20)))
    {
        SoftTargets = true,
    };

    static IEnumerable<double> Columns(double[,] values, int row, bool[,] exists) => Enumerable.Range(0, values.GetLength(1)).Where(c => exists[row, c]).Select(c => values[row, c]);
}

public sealed class CosentLossTests
{
    /// <summary>The formula, pair by pair; the largest exponent is taken out.</summary>
    internal static double Plain(double[] cosines, double[] scores, double scale)
    {
        var exponents = new List<double> { 0 };
        for (var i = 0; i < cosines.Length; i++)
        {
            for (var j = 0; j < cosines.Length; j++)
            {
                if (scores[i] > scores[j]) exponents.Add(scale * (cosines[j] - cosines[i]));
            }
        }
        var largest = exponents.Max();
        return largest + Math.Log(exponents.Sum(x => Math.Exp(x - largest)));
    }

    static Tensor Of(params double[] values) => tensor(values);

    static double Value(CosentLoss loss, Tensor cosines, Tensor scores) => loss.Compute(cosines, scores).item<double>();

    [Fact]
    public void Values_computed_by_hand()
    {
        using var scope = NewDisposeScope();
        var loss = new CosentLoss(new() { Scale = 2 });
        // One comparison: the pair of score 1 has the cosine 0.5, that of score 0 has 0.9.
        Assert.Equal(Math.Log(1 + Math.Exp(2 * (0.9 - 0.5))), Value(loss, Of(0.5, 0.9), Of(1, 0)), 1e-14);
        // Three grades give three comparisons.
        Assert.Equal(Math.Log(1 + Math.Exp(2 * (0.2 - 0.6)) + Math.Exp(2 * (-0.1 - 0.6)) + Math.Exp(2 * (-0.1 - 0.2))), Value(loss, Of(0.6, 0.2, -0.1), Of(3, 2, 1)), 1e-14);
        Assert.Equal(0, Value(loss, Of(0.6, 0.2, -0.1), Of(2, 2, 2)));
        Assert.Equal(0, Value(loss, Of(0.6), Of(1)));
    }

    [Fact]
    public void Only_the_order_of_the_scores_counts()
    {
        using var scope = NewDisposeScope();
        var cosines = Of(0.3, -0.2, 0.9, 0.1);
        Assert.Equal(Value(new(), cosines, Of(1, 0, 5, 2)), Value(new(), cosines, Of(-3, -70, 1000, 0.5)), 1e-14);
        Assert.Equal(Value(new(), cosines, Of(1, 0, 1, 0)), Value(new(), cosines, tensor(new[] { true, false, true, false })), 1e-14);
    }

    [Fact]
    public void A_batch_in_the_right_order_with_room_between_costs_nothing_and_the_wrong_order_costs_its_distance()
    {
        using var scope = NewDisposeScope();
        Assert.InRange(Value(new(), Of(1, -1), Of(1, 0)), 0, 1e-15);
        Assert.Equal(40, Value(new(), Of(-1, 1), Of(1, 0)), 1e-12);
    }

    [Fact]
    public void Gradients_pull_similar_pairs_up_and_others_down()
    {
        using var scope = NewDisposeScope();
        var cosines = Of(0.4, 0.5, 0.45).requires_grad_();
        new CosentLoss().Compute(cosines, Of(2, 0, 1)).backward();
        var gradient = cosines.grad!.Doubles();
        Assert.True(gradient[0] < 0 && gradient[1] > 0, string.Join(", ", gradient));
        Assert.Equal(0, gradient.Sum(), 1e-12); // moving all cosines alike changes nothing
    }

    [Fact]
    public void The_sum_over_batches_is_that_of_the_batches()
    {
        using var scope = NewDisposeScope();
        var loss = new CosentLoss(new() { Reduction = Reduction.Sum });
        var both = loss.Compute(Of(0.3, 0.1, 0.2, 0.9).reshape(2, 2), Of(0, 1, 1, 0).reshape(2, 2)).item<double>();
        Assert.Equal(Value(new(), Of(0.3, 0.1), Of(0, 1)) + Value(new(), Of(0.2, 0.9), Of(1, 0)), both, 1e-13);
    }

    [Fact]
    public void Options_are_checked() => Assert.Contains("Scale", Assert.Throws<ArgumentException>(() => new CosentLoss(new() { Scale = 0 })).Message, StringComparison.Ordinal);
}
