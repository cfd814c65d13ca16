using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Transforms.Tests.Whitening;

/// <summary>Small vectors for tests.</summary>
static class VectorData
{
    public const int Size = 5;

    public static Row[] Rows { get; } = Create(24, seed: 3);

    public static Row[] Create(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Row { Number = i, Vector = [.. Enumerable.Range(0, Size).Select(slot => (float)(random.NextDouble() * (slot + 1) + slot))] })];
    }

    public static IDataView View(MLContext context, IEnumerable<Row>? rows = null) => context.Data.LoadFromEnumerable(rows ?? Rows);

    /// <summary>The vectors of a column.</summary>
    public static float[][] Read(IDataView view, string column) => [.. view.GetColumn<float[]>(column)];

    public sealed class Row
    {
        public float Number { get; set; }

        [VectorType(Size)]
        public float[] Vector { get; set; } = [];
    }
}
