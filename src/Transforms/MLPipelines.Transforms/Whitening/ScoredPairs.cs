using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML;
using MLPipelines.SentencePairs;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLPipelines.Whitening;

/// <summary>The scored pairs of a search in memory, and their cosines under many whitenings at once.</summary>
sealed class ScoredPairs
{
    const int BlockRows = 1024;

    readonly List<(float[] First, float[] Second)> _vectors = [];
    readonly List<double> _scores = [];
    double[] _ranks = [];

    public int Dimension { get; private set; }

    public int Count => _scores.Count;

    public static ScoredPairs Read(IDataView data, WhiteningSearch.Options options, Action check)
    {
        var pairs = new ScoredPairs();
        using var cursor = new PairCursor(data, options.FirstColumn, options.SecondColumn, options.ScoreColumn);
        pairs.Dimension = cursor.First.Length;
        check();
        while (cursor.MoveNext())
        {
            if (pairs.Count % BlockRows == 0) check();
            pairs._vectors.Add(([.. cursor.First], [.. cursor.Second]));
            pairs._scores.Add(cursor.Score);
        }

        if (pairs.Count == 0) throw Failures.NoPairs();
        pairs._ranks = Correlation.AverageRanks(CollectionsMarshal.AsSpan(pairs._scores));
        return pairs;
    }

    public void AddTo(MomentAccumulator accumulator)
    {
        foreach (var (first, second) in _vectors)
        {
            accumulator.Add(first);
            accumulator.Add(second);
        }
    }

    /// <summary>How well the vectors agree with the scores as they are.</summary>
    public SentencePairMetrics Raw() => Metrics([.. _vectors.Select(pair => SentencePairMetrics.Cosine(pair.First, pair.Second))]);

    /// <summary>Scores every (γ, k) of one β.</summary>
    public IEnumerable<WhiteningTrial> Score(WhiteningBasis basis, IReadOnlyList<double> gammas, IReadOnlyList<int> dimensions, double floor, Action check)
    {
        var grid = gammas.SelectMany(gamma => dimensions.Select(k => (Gamma: gamma, Dimensions: k))).ToList();
        var cosines = Cosines(basis, Weights(basis, grid, floor), grid.Count, check);
        return grid.Select((point, i) =>
        {
            var metrics = Metrics(cosines[i]);
            return new WhiteningTrial(basis.Beta, point.Gamma, point.Dimensions, metrics.Spearman, metrics.Pearson);
        });
    }

    SentencePairMetrics Metrics(double[] cosines)
        => new(Correlation.Pearson(Correlation.AverageRanks(cosines), _ranks), Correlation.Pearson(cosines, CollectionsMarshal.AsSpan(_scores)), Count);

    /// <summary>λᵢ^(−γ) for the kept dimensions and 0 for the others: [D, G], row-major, one column for each point of the grid.</summary>
    static double[] Weights(WhiteningBasis basis, List<(double Gamma, int Dimensions)> grid, double floor)
    {
        var weights = new double[basis.Dimension * grid.Count];
        for (var g = 0; g < grid.Count; g++)
        {
            var scales = basis.Scales(grid[g].Gamma, floor);

            // A common factor changes no cosine, and keeps the sums of very small or large vectors in range.
            for (var i = 0; i < grid[g].Dimensions; i++) weights[i * grid.Count + g] = Math.Pow(scales[i] / scales[0], 2);
        }

        return weights;
    }

    double[][] Cosines(WhiteningBasis basis, double[] weights, int points, Action check)
    {
        var cosines = Enumerable.Range(0, points).Select(_ => new double[Count]).ToArray();
        using var outer = NewDisposeScope();
        using var noGradients = no_grad();
        var directions = tensor(basis.Directions.ToArray()).view(Dimension, Dimension);
        var sums = tensor(weights).view(Dimension, points);
        for (var at = 0; at < Count; at += BlockRows)
        {
            check();
            using var scope = NewDisposeScope();
            var rows = CollectionsMarshal.AsSpan(_vectors).Slice(at, Math.Min(BlockRows, Count - at));
            var (left, right) = (empty(rows.Length, Dimension, ScalarType.Float64), empty(rows.Length, Dimension, ScalarType.Float64));
            for (var i = 0; i < rows.Length; i++)
            {
                Center(rows[i].First, basis, left, i);
                Center(rows[i].Second, basis, right, i);
            }

            left = left.mm(directions); // [B, D]
            right = right.mm(directions);
            var dots = (left * right).mm(sums); // [B, G]
            var norms = left.square().mm(sums).mul_(right.square().mm(sums)).sqrt_();

            // Where a norm is 0 the dot product is too, and so is the cosine.
            var values = MemoryMarshal.Cast<byte, double>(dots.div_(norms.clamp_min_(1e-300)).clamp_(-1, 1).t().contiguous().bytes); // [G, B]
            for (var g = 0; g < points; g++)
                for (var i = 0; i < rows.Length; i++) cosines[g][at + i] = SentencePairMetrics.Rounded(values[g * rows.Length + i]);
        }

        return cosines;
    }

    void Center(float[] vector, WhiteningBasis basis, Tensor target, int row)
    {
        var values = MemoryMarshal.Cast<byte, double>(target.bytes).Slice(row * Dimension, Dimension);
        TensorPrimitives.ConvertTruncating<float, double>(vector, values);
        TensorPrimitives.Subtract<double>(values, basis.Center.Span, values);
    }
}
