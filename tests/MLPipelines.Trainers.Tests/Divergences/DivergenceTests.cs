using MLPipelines.Testing;
using MLPipelines.Trainers.Divergences;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Divergences;

[ContractOf(typeof(SigmoidDivergence))]
public sealed class SigmoidDivergenceContract : DivergenceContractTests
{
    protected override DivergenceContractCase Case => new(new SigmoidDivergence(), (first, second, exists) => DivergenceTests.MeanOverRows(first, second, exists, row =>
        row.Sum(pair => BothWays(pair.First, pair.Second))));

    // KL(p‖q) + KL(q‖p) between yes-or-no distributions, from logarithms of probabilities that stay exact for large scores.
    static double BothWays(double s, double t) => OneWay(s, t) + OneWay(t, s);

    static double OneWay(double s, double t) => Math.Exp(Log(s)) * (Log(s) - Log(t)) + Math.Exp(Log(-s)) * (Log(-s) - Log(-t));

    static double Log(double s) => s > 0 ? -Math.Log(1 + Math.Exp(-s)) : s - Math.Log(1 + Math.Exp(s));
}

[ContractOf(typeof(SoftmaxDivergence))]
public sealed class SoftmaxDivergenceContract : DivergenceContractTests
{
    protected override DivergenceContractCase Case => new(new SoftmaxDivergence(), (first, second, exists) => DivergenceTests.MeanOverRows(first, second, exists, row => OneWay(row, forward: true) + OneWay(row, forward: false)))
    {
        ReferenceFrom = (first, second, exists) => DivergenceTests.MeanOverRows(first, second, exists, row => OneWay(row, forward: true)),
    };

    static double OneWay((double First, double Second)[] row, bool forward)
    {
        if (row.Length == 0) return 0;
        var (p, q) = (Logs([.. row.Select(pair => pair.First)]), Logs([.. row.Select(pair => pair.Second)]));
        if (!forward) (p, q) = (q, p);
        return p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum();
    }

    static double[] Logs(double[] scores)
    {
        var max = scores.Max();
        var total = max + Math.Log(scores.Sum(s => Math.Exp(s - max)));
        return [.. scores.Select(s => s - total)];
    }
}

public sealed class DivergenceTests
{
    internal static double MeanOverRows(double[,] first, double[,] second, bool[,] exists, Func<(double First, double Second)[], double> row) =>
        Enumerable.Range(0, first.GetLength(0)).Average(r => row([.. Enumerable.Range(0, first.GetLength(1)).Where(c => exists[r, c]).Select(c => (first[r, c], second[r, c]))]));

    [Fact]
    public void Tables_of_texts_and_labels_count_as_rows_and_cells_are_summed()
    {
        using var scope = NewDisposeScope();
        var (s, t) = (randn([2, 3, 4, 4], ScalarType.Float64, generator: new Generator(1)), randn([2, 3, 4, 4], ScalarType.Float64, generator: new Generator(2)));
        var all = s.sigmoid().sub(t.sigmoid()).mul(s.sub(t)).sum().item<double>();
        var (first, second) = (s.flatten(2), t.flatten(2));
        Assert.Equal(all, new SigmoidDivergence(new() { Reduction = Reduction.Sum }).Compute(first, second).item<double>(), 1e-12);
        Assert.Equal(all / 6, new SigmoidDivergence().Compute(first, second).item<double>(), 1e-12);
    }

    [Fact]
    public void Sum_of_the_softmax_divergence_is_rows_times_its_mean()
    {
        using var scope = NewDisposeScope();
        var (s, t) = (randn([5, 4], ScalarType.Float64, generator: new Generator(1)), randn([5, 4], ScalarType.Float64, generator: new Generator(2)));
        var mean = new SoftmaxDivergence().Compute(s, t).item<double>();
        Assert.Equal(5 * mean, new SoftmaxDivergence(new() { Reduction = Reduction.Sum }).Compute(s, t).item<double>(), 1e-12);
        Assert.Equal(mean, s.softmax(-1).sub(t.softmax(-1)).mul(s.sub(t)).sum(-1).mean().item<double>(), 1e-12); // normalisers cancel
    }
}
