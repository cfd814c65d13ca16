using MLPipelines.Testing;
using Xunit;
using static TorchSharp.torch;

namespace Acme.Tests;

[ContractOf(typeof(AcmeLoss))]
public sealed class AcmeLossContract : LossContractTests
{
    protected override LossContractCase Case => new(
        new AcmeLoss(new()), truth => tensor(truth.Cast<double>().ToArray(), [truth.GetLength(0), truth.GetLength(1)]), Reference);

    static double Reference(double[,] scores, double[,] truth, bool[,] exists)
    {
        var (rows, sum) = (scores.GetLength(0), 0.0);
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < scores.GetLength(1); c++)
                if (exists[r, c]) sum += Math.Pow(Math.Max(0, 1 - ((truth[r, c] > 0.5 ? 1 : -1) * scores[r, c])), 2);
        return sum / rows;
    }
}

public sealed class AcmeLossTests
{
    [Fact]
    public void Value_is_the_one_computed_by_hand()
    {
        // Two rows: (2, true) costs nothing, (0.5, false) costs 1.5² = 2.25; (−1, true) costs 2² = 4, (−3, false) nothing. The mean is 3.125.
        using var scores = tensor([2.0, 0.5, -1.0, -3.0], [2, 2]);
        using var truth = tensor([1.0, 0.0, 1.0, 0.0], [2, 2]);
        using var loss = new AcmeLoss(new()).Compute(scores, truth);

        Assert.Equal(3.125, loss.item<double>(), 1e-12);
    }

    [Fact]
    public void Margin_that_is_not_positive_is_refused() =>
        Assert.StartsWith("MLP008: the options of 'loss.acme-hinge.v1' are not valid.", Assert.Throws<ArgumentException>(() => new AcmeLoss(new() { Margin = 0 })).Message, StringComparison.Ordinal);
}
