using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.SentencePairs;

namespace MLPipelines.Transforms.Tests.SentencePairs;

public sealed class SentencePairCatalogTests
{
    readonly MLContext _context = new(1);

    [Fact]
    public void Metrics_are_the_correlations_of_cosines_and_scores()
    {
        Plane[] pairs =
        [
            new() { First = [1, 0], Second = [1, 0], Score = 5 }, // cosine 1
            new() { First = [1, 0], Second = [0, 2], Score = 2 }, // 0
            new() { First = [1, 0], Second = [-3, 0], Score = 1 }, // -1
            new() { First = [3, 4], Second = [4, 3], Score = 4 }, // 0.96
            new() { First = [0, 0], Second = [4, 3], Score = 2 }, // no direction: 0
        ];
        var metrics = _context.SentencePairs().Evaluate(_context.Data.LoadFromEnumerable(pairs));
        double[] cosines = [1, 0, -1, 0.96, 0];
        double[] scores = [5, 2, 1, 4, 2];
        Assert.Equal(5, metrics.Count);
        Assert.Equal(1, metrics.Spearman, 1e-12);
        Assert.Equal(Correlation.Pearson(cosines, scores), metrics.Pearson, 1e-12);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        var catalog = _context.SentencePairs();
        var pairs = PairData.Create(6);
        var data = PairData.View(_context, pairs);
        Assert.Contains("'Missing'", Assert.Throws<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, firstColumn: "Missing")).Message, StringComparison.Ordinal);
        Assert.Contains("'First'", Assert.Throws<ArgumentOutOfRangeException>(() => catalog.Evaluate(data, scoreColumn: "First")).Message, StringComparison.Ordinal);
        Assert.Contains("'Second'", Assert.Throws<ArgumentOutOfRangeException>(() => catalog.Evaluate(_context.Data.LoadFromEnumerable([new Uneven()]))).Message, StringComparison.Ordinal);
        Assert.Contains("no sentence pairs", Assert.Throws<DataFormatException>(() => catalog.Evaluate(PairData.View(_context, []))).Message, StringComparison.Ordinal);
        pairs[3].Second[1] = float.PositiveInfinity;
        var message = Assert.Throws<DataFormatException>(() => catalog.Evaluate(data)).Message;
        Assert.Contains("row 4", message, StringComparison.Ordinal);
        Assert.Contains("'Second'", message, StringComparison.Ordinal);
        pairs[2].Score = float.NaN;
        Assert.Contains("score of row 3", Assert.Throws<DataFormatException>(() => catalog.Evaluate(data)).Message, StringComparison.Ordinal);
    }

    sealed class Plane
    {
        [VectorType(2)]
        public float[] First { get; set; } = [];

        [VectorType(2)]
        public float[] Second { get; set; } = [];

        public float Score { get; set; }
    }

    sealed class Uneven
    {
        [VectorType(2)]
        public float[] First { get; set; } = [1, 2];

        [VectorType(3)]
        public float[] Second { get; set; } = [1, 2, 3];

        public float Score { get; set; }
    }
}
