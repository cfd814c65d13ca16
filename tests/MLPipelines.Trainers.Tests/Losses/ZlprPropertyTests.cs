using MLPipelines.Testing;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Losses;

[ContractOf(typeof(ZlprLoss))]
public sealed class ZlprLossContract : LossContractTests
{
    protected override LossContractCase Case => new(
        new ZlprLoss(), truth => tensor(truth.Cast<double>().ToArray(), [truth.GetLength(0), truth.GetLength(1)]), ZlprPropertyTests.MeanOverRows);
}

[ContractOf(typeof(SparseZlprLoss))]
public sealed class SparseZlprLossContract : LossContractTests
{
    protected override LossContractCase Case => new(new SparseZlprLoss(), Indices, ZlprPropertyTests.MeanOverRows);

    static Tensor Indices(double[,] truth)
    {
        using var dense = tensor(truth.Cast<double>().ToArray(), [truth.GetLength(0), truth.GetLength(1)]);
        return ZlprGoldenTests.Sparse(dense);
    }
}

public sealed class ZlprPropertyTests
{
    const int Rows = 5;
    const int Classes = 9;

    /// <summary>The definition, in plain C#.</summary>
    static double Definition(double[] scores, bool[] labels, bool[] exists)
    {
        var (negative, positive) = (0.0, 0.0);
        for (var i = 0; i < scores.Length; i++)
        {
            if (!exists[i]) continue;
            if (labels[i]) positive += Math.Exp(-scores[i]);
            else negative += Math.Exp(scores[i]);
        }
        return Math.Log(1 + negative) + Math.Log(1 + positive);
    }

    internal static double MeanOverRows(double[,] scores, double[,] truth, bool[,] exists)
    {
        T[] Row<T>(T[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(c => matrix[row, c])];
        return Enumerable.Range(0, scores.GetLength(0)).Average(r => Definition(Row(scores, r), [.. Row(truth, r).Select(y => y > 0.5)], Row(exists, r)));
    }

    static (double[] Scores, bool[] Labels, bool[] Mask) Random(int seed, double spread)
    {
        var random = new Random(seed);
        var count = Rows * Classes;
        return (
            [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * 2 * spread)],
            [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.2)],
            [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.8)]);
    }

    static Tensor Labels(bool[] labels) => tensor(labels, [Rows, Classes]).to(ScalarType.Float64);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equals_its_definition_on_random_input(bool sparse)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            var (scores, labels, mask) = Random(seed, 6);
            var expected = Enumerable.Range(0, Rows).Average(r => Definition(scores[(r * Classes)..((r + 1) * Classes)], labels[(r * Classes)..((r + 1) * Classes)], mask[(r * Classes)..((r + 1) * Classes)]));
            var loss = ZlprGoldenTests.Compute(tensor(scores, [Rows, Classes]), Labels(labels), sparse, tensor(mask, [Rows, Classes]));
            Assertions.Close([expected], loss.Doubles(), 1e-12);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_equals_finite_differences(bool sparse)
    {
        using var scope = NewDisposeScope();
        var (scores, labels, mask) = Random(3, 4);
        double Loss(double[] s) => ZlprGoldenTests.Compute(tensor(s, [Rows, Classes]), Labels(labels), sparse, tensor(mask, [Rows, Classes])).item<double>();
        var variable = tensor(scores, [Rows, Classes]).requires_grad_();
        ZlprGoldenTests.Compute(variable, Labels(labels), sparse, tensor(mask, [Rows, Classes])).backward();
        var gradient = variable.grad!.Doubles();
        const double H = 1e-5;
        for (var i = 0; i < scores.Length; i++)
        {
            var (up, down) = (scores.ToArray(), scores.ToArray());
            up[i] += H;
            down[i] -= H;
            Assert.Equal((Loss(up) - Loss(down)) / (2 * H), gradient[i], 1e-8);
            if (!mask[i]) Assert.Equal(0, gradient[i]);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, false)]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float64, false)]
    [InlineData(ScalarType.Float64, true)]
    public void Huge_scores_give_exact_losses_and_gradients_of_the_right_sign(ScalarType dtype, bool sparse)
    {
        using var scope = NewDisposeScope();
        double[] scores = [1e4, -1e4, 1e4, -1e4, 0];
        double[] labels = [1, 1, 0, 0, 0];
        var variable = tensor(scores, [1, 5]).to(dtype).requires_grad_();
        var loss = ZlprGoldenTests.Compute(variable, tensor(labels, [1, 5]), sparse);
        Assertions.Close([2e4], loss.Doubles(), 1e-6); // 1e4 for the false class scored high and 1e4 for the true one scored low
        loss.backward();
        Assertions.Close([0, -1, 1, 0, 0], variable.grad!.Doubles(), 0, 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_row_without_true_or_without_existing_classes_is_finite(bool sparse)
    {
        using var scope = NewDisposeScope();
        var variable = tensor(new[] { 1.0, 2.0, 3.0, 4.0 }, [2, 2]).requires_grad_();
        var loss = ZlprGoldenTests.Compute(variable, zeros([2, 2], ScalarType.Float64), sparse, tensor(new[] { true, true, false, false }, [2, 2]));
        Assertions.Close([Math.Log(1 + Math.E + Math.Exp(2)) / 2], loss.Doubles(), 1e-12);
        loss.backward();
        Assert.Equal([0.0, 0.0], variable.grad!.Doubles()[2..]);
        Assert.All(variable.grad!.Doubles(), g => Assert.True(double.IsFinite(g)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Order_of_rows_does_not_matter_and_sum_is_rows_times_mean(bool sparse)
    {
        using var scope = NewDisposeScope();
        var (scores, labels, _) = Random(11, 3);
        var (s, y) = (tensor(scores, [Rows, Classes]), Labels(labels));
        var expected = ZlprGoldenTests.Compute(s, y, sparse).item<double>();
        Assert.Equal(expected, ZlprGoldenTests.Compute(s.flip(0), y.flip(0), sparse).item<double>(), 1e-13);
        ILoss sum = sparse ? new SparseZlprLoss(new() { Reduction = Reduction.Sum }) : new ZlprLoss(new() { Reduction = Reduction.Sum });
        Assert.Equal(Rows * expected, sum.Compute(s, sparse ? ZlprGoldenTests.Sparse(y) : y).item<double>(), 1e-11);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Narrow_scores_are_summed_in_float32(bool sparse)
    {
        using var scope = NewDisposeScope();
        var (scores, labels, _) = Random(5, 3);
        var narrow = tensor(scores, [Rows, Classes]).to(ScalarType.BFloat16);
        var loss = ZlprGoldenTests.Compute(narrow, Labels(labels), sparse);
        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assertions.Close(ZlprGoldenTests.Compute(narrow.to(ScalarType.Float32), Labels(labels), sparse).Doubles(), loss.Doubles(), 0);
    }

    [Fact]
    public void A_true_class_that_the_mask_removes_counts_on_neither_side()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { 0.5, -0.25, 2.0 }, [1, 3]);
        var mask = tensor(new[] { true, false, true }, [1, 3]);
        var expected = Math.Log(1 + Math.Exp(2)) + Math.Log(1 + Math.Exp(-0.5));
        Assert.Equal(expected, new SparseZlprLoss().Compute(scores, tensor(new long[] { 0, 1 }, [1, 2]), mask).item<double>(), 1e-12);
        Assert.Equal(expected, new ZlprLoss().Compute(scores, tensor(new[] { true, true, false }, [1, 3]), mask).item<double>(), 1e-12);
    }

    [Fact]
    public void Inputs_are_left_as_they_are()
    {
        using var scope = NewDisposeScope();
        var (scores, labels, mask) = Random(2, 3);
        var (s, y, m) = (tensor(scores, [Rows, Classes]), ZlprGoldenTests.Sparse(Labels(labels)), tensor(mask, [Rows, Classes]));
        var indices = y.data<long>().ToArray();
        new SparseZlprLoss().Compute(s, y, m);
        Assert.Equal(scores, s.Doubles());
        Assert.Equal(indices, y.data<long>().ToArray());
        Assert.Equal(mask, m.data<bool>().ToArray());
    }
}
