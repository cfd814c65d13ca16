using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class ReductionTests
{
    private static Tensor Grid => tensor(new double[,] { { 1, 5, 3 }, { 4, 2, 6 } });

    [Fact]
    public void Sums_and_means_run_over_all_or_over_the_named_axes()
    {
        Expect.Equal(Grid.sum(), 21);
        Expect.Equal(Grid.sum(0L), 5, 7, 9);
        Expect.Equal(Grid.sum(-1), 9, 12);
        Expect.Shape(Grid.sum(1, keepdim: true), 2, 1);
        Expect.Equal(Grid.sum([0, 1]), 21);
        Expect.Equal(Grid.mean(), 3.5);
        Expect.Equal(Grid.mean([1]), 3, 4);
        Expect.Equal(Grid.mean([0], keepdim: true), 2.5, 3.5, 4.5);
        Expect.Equal(Grid.prod(1), 15, 48);
        Assert.Equal(ScalarType.Float32, Grid.sum(ScalarType.Float32).dtype);
    }

    [Fact]
    public void Spread_is_measured_with_and_without_correction()
    {
        Expect.Equal(Grid.var(), 3.5);
        Expect.Equal(Grid.std(1), 2, 2);
        Expect.Equal(Grid.var(1, unbiased: false, keepdim: true), 8.0 / 3, 8.0 / 3);
    }

    [Fact]
    public void Extremes_come_with_their_places()
    {
        Expect.Equal(Grid.max(), 6);
        Expect.Equal(Grid.min(), 1);
        var (values, places) = Grid.max(1);
        Expect.Equal(values, 5, 6);
        Expect.Equal(places, 1, 2);
        Expect.Equal(Grid.argmax(), 5);
        Expect.Equal(Grid.argmin(0), 0, 1, 0);
        Expect.Equal(Grid.amax([1]), 5, 6);
        Expect.Shape(Grid.amax([1], keepdim: true), 2, 1);
        Expect.Equal(Grid.amin(0), 1, 2, 3);
        Expect.Equal(Grid.maximum(tensor(3.0)), 3, 5, 3, 4, 3, 6);
        Expect.Equal(max(Grid, tensor(3.0)), 3, 5, 3, 4, 3, 6);
        Expect.Equal(Grid.minimum(tensor(3.0)), 1, 3, 3, 3, 2, 3);
    }

    [Fact]
    public void Sorting_gives_values_and_places()
    {
        var (values, places) = Grid.sort(1);
        Expect.Equal(values, 1, 3, 5, 2, 4, 6);
        Expect.Equal(places, 0, 2, 1, 1, 0, 2);
        Expect.Equal(Grid.argsort(1, descending: true), 1, 2, 0, 2, 0, 1);
        var (top, where) = Grid.topk(2);
        Expect.Equal(top, 5, 3, 6, 4);
        Expect.Equal(where, 1, 2, 2, 0);
        Expect.Equal(Grid.cumsum(1), 1, 6, 9, 4, 6, 12);
    }

    [Fact]
    public void Log_sum_exp_and_softmax_survive_large_numbers()
    {
        var x = tensor(new double[,] { { 1000, 1000 }, { -1000, 0 } });
        Expect.Equal(x.logsumexp(1), 1000 + Math.Log(2), 0);
        Expect.Equal(x.softmax(1), 0.5, 0.5, 0, 1);
        Expect.Equal(nn.functional.log_softmax(x, 1), -Math.Log(2), -Math.Log(2), -1000, 0);
        Assert.Equal(ScalarType.Float32, x.softmax(1, ScalarType.Float32).dtype);
    }

    [Fact]
    public void Norms_and_distances()
    {
        var x = tensor(new double[,] { { 3, 4 }, { 6, 8 } });
        Expect.Equal(x.norm(), Math.Sqrt(125));
        Expect.Equal(x.norm(1), 5, 10);
        Expect.Equal(x.norm(1, true, 1), 7, 14);
        Expect.Equal(linalg.norm(x, dims: [1]), 5, 10);
        Expect.Equal(linalg.vector_norm(x, 2), Math.Sqrt(125));
        Expect.Close(cdist(x, zeros(1, 2, ScalarType.Float64)), 1e-6, 5, 10);
        Expect.Equal(nn.functional.cosine_similarity(x, ones(2, 2, ScalarType.Float64)), 7 / Math.Sqrt(50), 14 / Math.Sqrt(200));
        Expect.Equal(x.count_nonzero(), 4);
    }
}
