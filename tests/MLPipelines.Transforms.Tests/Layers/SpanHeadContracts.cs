using MLPipelines.Layers;
using MLPipelines.Testing;

namespace MLPipelines.Transforms.Tests.Layers;

[ContractOf(typeof(GlobalPointerHead))]
public sealed class GlobalPointerHeadContract : SpanHeadContractTests
{
    protected override SpanHeadContractCase Case => new(new GlobalPointerHead.Options { HeadSize = 4 }, (tokens, weights, types) =>
    {
        const int Width = 4;
        var all = tokens.Select(x => PlainHeads.Dense(x, weights["dense.weight"], weights["dense.bias"])).ToArray();
        return [.. Enumerable.Range(0, types).Select(e =>
        {
            var starts = all.Select((y, m) => PlainHeads.Rotate(y[(2 * e * Width)..((2 * e + 1) * Width)], m)).ToArray();
            var ends = all.Select((y, m) => PlainHeads.Rotate(y[((2 * e + 1) * Width)..((2 * e + 2) * Width)], m)).ToArray();
            return PlainHeads.Pairs(starts, ends, Width);
        })];
    });
}

[ContractOf(typeof(EfficientGlobalPointerHead))]
public sealed class EfficientGlobalPointerHeadContract : SpanHeadContractTests
{
    protected override SpanHeadContractCase Case => new(new EfficientGlobalPointerHead.Options { HeadSize = 4 }, (tokens, weights, types) =>
    {
        var projected = tokens.Select(x => PlainHeads.Dense(x, weights["p_dense.weight"], weights["p_dense.bias"])).ToArray();
        var starts = projected.Select((p, m) => PlainHeads.Rotate([.. p.Where((_, i) => i % 2 == 0)], m)).ToArray();
        var ends = projected.Select((p, m) => PlainHeads.Rotate([.. p.Where((_, i) => i % 2 == 1)], m)).ToArray();
        var shared = PlainHeads.Pairs(starts, ends, width: 4);
        var biases = projected.Select(p => PlainHeads.Dense(p, weights["q_dense.weight"], weights["q_dense.bias"]).Select(b => b / 2).ToArray()).ToArray();
        return [.. Enumerable.Range(0, types).Select(e =>
            shared.Select((row, i) => row.Select((score, j) => score + biases[j][2 * e] + biases[i][2 * e + 1]).ToArray()).ToArray())];
    });
}

/// <summary>The arithmetic of span heads in plain C#.</summary>
static class PlainHeads
{
    /// <summary>Wx + b with W in rows.</summary>
    public static double[] Dense(double[] x, double[] weight, double[] bias) => [.. bias.Select((b, row) => b + x.Select((value, i) => value * weight[row * x.Length + i]).Sum())];

    /// <summary>Adjacent pairs turned by m·10000^(−2i/D).</summary>
    public static double[] Rotate(double[] x, int m)
    {
        var y = new double[x.Length];
        for (var i = 0; i < x.Length / 2; i++)
        {
            var (sin, cos) = Math.SinCos(m * Math.Pow(10000, -2.0 * i / x.Length));
            (y[2 * i], y[2 * i + 1]) = (x[2 * i] * cos - x[2 * i + 1] * sin, x[2 * i + 1] * cos + x[2 * i] * sin);
        }
        return y;
    }

    /// <summary>Inner products of all starts and ends over √D.</summary>
    public static double[][] Pairs(double[][] starts, double[][] ends, int width) =>
        [.. starts.Select(q => ends.Select(k => q.Zip(k, (a, b) => a * b).Sum() / Math.Sqrt(width)).ToArray())];
}
