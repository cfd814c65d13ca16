using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms.Tests.SentencePairs;

/// <summary>Vectors that agree in a few directions when the pair is similar, under a large common mean and one loud direction that says nothing.</summary>
static class PairData
{
    public const int Size = 12;

    public static Pair[] Create(int count, int seed = 11)
    {
        var random = new Random(seed);
        var pairs = new Pair[count];
        for (var i = 0; i < count; i++)
        {
            var score = i % 5;
            var first = Vector(random);
            var second = Vector(random);
            for (var slot = 1; slot < 5; slot++) second[slot] = (score * first[slot] + (4 - score) * second[slot]) / 4;
            pairs[i] = new() { First = first, Second = second, Score = score };
        }

        return pairs;
    }

    public static IDataView View(MLContext context, IEnumerable<Pair> pairs) => context.Data.LoadFromEnumerable(pairs);

    public static IDataView Corpus(MLContext context, IEnumerable<Pair> pairs)
        => context.Data.LoadFromEnumerable(pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Select(vector => new Text { Vector = vector }));

    static float[] Vector(Random random)
        => [.. Enumerable.Range(0, Size).Select(slot => (float)((random.NextDouble() - 0.5) * (slot == 0 ? 30 : slot < 5 ? 2 : 0.3) + (slot < 8 ? 3 : 0)))];

    public sealed class Pair
    {
        [VectorType(Size)]
        public float[] First { get; set; } = [];

        [VectorType(Size)]
        public float[] Second { get; set; } = [];

        public float Score { get; set; }
    }

    public sealed class Text
    {
        [VectorType(Size)]
        public float[] Vector { get; set; } = [];
    }
}
