using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Embedded.Tests;

public sealed class NormalizerTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(Rows);

    private static Row[] Rows =>
    [
        new() { V = [1, -4, 5, 0], X = 2, D = 10 }, new() { V = [3, 2, 5, 0], X = float.NaN, D = 20 },
        new() { V = [2, float.NaN, 5, 0], X = 6, D = 40 }, new() { V = [5, 0, 5, 2], X = 4, D = 10 },
    ];

    [Fact]
    public void MinMax_keeps_zero_and_divides_by_the_greatest_magnitude()
    {
        var model = _ml.Transforms.NormalizeMinMax("N", "V").Fit(Data);
        AssertRows([[0.2f, -1, 0, 0], [0.6f, 0.5f, 0, 0], [0.4f, float.NaN, 0, 0], [1, 0, 0, 1]], model.Transform(Data));
        var learned = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>>(model.GetNormalizerModelParameters(0));
        Assert.Equal([0.2f, 0.25f, 0, 0.5f], learned.Scale, Near);
        Assert.Empty(learned.Offset);
    }

    [Fact]
    public void MinMax_without_fixed_zero_maps_least_and_greatest_to_0_and_1()
    {
        var model = _ml.Transforms.NormalizeMinMax("N", "V", fixZero: false).Fit(Data);
        AssertRows([[0, 0, 0, 0], [0.5f, 1, 0, 0], [0.25f, float.NaN, 0, 0], [1, 2 / 3f, 0, 1]], model.Transform(Data));
        var learned = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>>(model.GetNormalizerModelParameters(0));
        Assert.Equal([1, -4, 0, 0], learned.Offset, Near);
    }

    [Fact]
    public void Mean_and_variance_are_those_of_the_values_that_are_finite()
    {
        var model = _ml.Transforms.NormalizeMeanVariance([new("N", "V"), new("Y", "X"), new("E", "D")], fixZero: false).Fit(Data);
        var scaled = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>>(model.GetNormalizerModelParameters(0));
        Assert.Equal([2.75f, -2 / 3f, 0, 0.5f], scaled.Offset, Near);
        Assert.Equal([1 / MathF.Sqrt(2.1875f), 1 / MathF.Sqrt(56 / 9f), 0, 1 / MathF.Sqrt(0.75f)], scaled.Scale, Near);
        var single = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<float>>(model.GetNormalizerModelParameters(1));
        Assert.Equal(4, single.Offset, 1e-6f);
        Assert.Equal(1 / MathF.Sqrt(8 / 3f), single.Scale, 1e-6f);
        var number = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<double>>(model.GetNormalizerModelParameters(2));
        Assert.Equal(20, number.Offset, 1e-12);
        Assert.Equal(1 / Math.Sqrt(150), number.Scale, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.GetNormalizerModelParameters(3));
        Assert.Equal([-10 / Math.Sqrt(150), 0, 20 / Math.Sqrt(150), -10 / Math.Sqrt(150)], model.Transform(Data).GetColumn<double>("E"), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Mean_and_variance_with_fixed_zero_divide_by_the_root_of_the_mean_square()
    {
        var scaled = (NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>)_ml.Transforms.NormalizeMeanVariance("V").Fit(Data).GetNormalizerModelParameters(0);
        Assert.Equal([1 / MathF.Sqrt(39 / 4f), 1 / MathF.Sqrt(20 / 3f), 0, 1], scaled.Scale, Near);
        Assert.Empty(scaled.Offset);
    }

    [Fact]
    public void The_distribution_function_is_that_of_the_normal_distribution()
    {
        var model = _ml.Transforms.NormalizeMeanVariance("E", "D", useCdf: true).Append(_ml.Transforms.NormalizeMeanVariance("N", "V", useCdf: true)).Fit(Data);
        var learned = Assert.IsType<NormalizingTransformer.CdfNormalizerModelParameters<double>>(((NormalizingTransformer)model.First()).GetNormalizerModelParameters(0));
        Assert.Equal(20, learned.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(150), learned.StandardDeviation, 1e-12);
        Assert.False(learned.UseLog);

        // Φ(−0.8165), Φ(0), Φ(1.633) and again Φ(−0.8165), of a table.
        var output = model.Transform(Data);
        Assert.Equal([0.20711, 0.5, 0.94876, 0.20711], output.GetColumn<double>("E"), (a, b) => Math.Abs(a - b) < 2e-4);
        var vectors = output.GetColumn<float[]>("N").ToArray();
        Assert.Equal([0, 0, 0, 0], vectors.Select(vector => vector[2]));
        Assert.Equal(0, vectors[2][1]);
    }

    [Fact]
    public void Sparse_vectors_stay_sparse_and_values_not_stored_count_as_0()
    {
        var model = _ml.Transforms.NormalizeMinMax("N", "V").Fit(SparseData());
        var vectors = Vectors(model.Transform(SparseData()));
        Assert.Equal([0, 0, 0, 0, 0, 0.5f, 0, 0, 0, -1], vectors[0].DenseValues());
        Assert.False(vectors[0].IsDense);
        Assert.Equal([0, 0, 1, 0, 0, 1, 0, 0, 0, 0], vectors[1].DenseValues());

        var moved = Vectors(_ml.Transforms.NormalizeMinMax("N", "V", fixZero: false).Fit(SparseData()).Transform(SparseData()));
        Assert.Equal([0, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0], moved[0].DenseValues());
        Assert.Equal([0, 0, 1, 0, 0, 1, 0, 0, 0, 1], moved[1].DenseValues());
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], moved[2].DenseValues());
    }

    [Fact]
    public void Rows_beyond_the_maximum_are_not_looked_at()
    {
        var learned = (NormalizingTransformer.AffineNormalizerModelParameters<float>)_ml.Transforms.NormalizeMinMax("X", maximumExampleCount: 3).Fit(Data).GetNormalizerModelParameters(0);
        Assert.Equal(1 / 6f, learned.Scale);
        learned = (NormalizingTransformer.AffineNormalizerModelParameters<float>)_ml.Transforms.NormalizeMeanVariance("X", maximumExampleCount: 2, fixZero: false).Fit(Data).GetNormalizerModelParameters(0);
        Assert.Equal((0f, 0f), (learned.Scale, learned.Offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("X", maximumExampleCount: 1));
    }

    [Fact]
    public void Outputs_say_that_they_are_normalized_and_keep_the_slot_names()
    {
        var named = _ml.Transforms.Concatenate("F", "X", "Y").Fit(_ml.Data.LoadFromEnumerable([new Pair { X = 1, Y = 2 }, new Pair { X = 3, Y = 5 }])).Transform(_ml.Data.LoadFromEnumerable([new Pair { X = 1, Y = 2 }, new Pair { X = 3, Y = 5 }]));
        Assert.False(named.Schema["F"].IsNormalized());
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[] { _ml.Transforms.NormalizeMinMax("F"), _ml.Transforms.NormalizeMeanVariance("F", useCdf: true), _ml.Transforms.NormalizeLpNorm("F") })
        {
            var column = estimator.Fit(named).Transform(named).Schema["F"];
            Assert.True(column.IsNormalized());
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetSlotNames(ref names);
            Assert.Equal(["X", "Y"], names.DenseValues().Select(name => name.ToString()));
        }
    }

    [Fact]
    public void Norms_of_each_vector_by_hand()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { V = [3, 0, -4, 0] }, new Row { V = [0, 0, 0, 0] }]);
        AssertNorm([0.6f, 0, -0.8f, 0], LpNormNormalizingEstimatorBase.NormFunction.L2);
        AssertNorm([3 / 7f, 0, -4 / 7f, 0], LpNormNormalizingEstimatorBase.NormFunction.L1);
        AssertNorm([0.75f, 0, -1, 0], LpNormNormalizingEstimatorBase.NormFunction.Infinity);
        float deviation = MathF.Sqrt((25 / 4f) - (1 / 16f));
        AssertNorm([3 / deviation, 0, -4 / deviation, 0], LpNormNormalizingEstimatorBase.NormFunction.StandardDeviation);
        float norm = MathF.Sqrt(25 - 0.25f);
        AssertNorm([3.25f / norm, 0.25f / norm, -3.75f / norm, 0.25f / norm], LpNormNormalizingEstimatorBase.NormFunction.L2, ensureZeroMean: true);

        void AssertNorm(float[] expected, LpNormNormalizingEstimatorBase.NormFunction function, bool ensureZeroMean = false)
            => AssertRows([expected, [0, 0, 0, 0]], _ml.Transforms.NormalizeLpNorm("N", "V", function, ensureZeroMean).Fit(data).Transform(data));
    }

    [Fact]
    public void Saved_normalizers_give_the_same_values()
    {
        var model = _ml.Transforms.NormalizeMinMax([new("A", "V"), new("B", "X")], fixZero: false)
            .Append(_ml.Transforms.NormalizeMeanVariance([new("C", "V"), new("F", "D")]))
            .Append(_ml.Transforms.NormalizeMeanVariance([new("G", "V"), new("H", "D")], useCdf: true))
            .Append(_ml.Transforms.NormalizeLpNorm("I", "V", LpNormNormalizingEstimatorBase.NormFunction.L1, ensureZeroMean: true))
            .Fit(Data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        var (expected, actual) = (model.Transform(Data), loaded.Transform(Data));
        foreach (string column in new[] { "A", "C", "G", "I" })
            Assert.Equal(expected.GetColumn<float[]>(column), actual.GetColumn<float[]>(column));
        Assert.Equal(expected.GetColumn<float>("B"), actual.GetColumn<float>("B"));
        foreach (string column in new[] { "F", "H" })
            Assert.Equal(expected.GetColumn<double>(column), actual.GetColumn<double>(column));
    }

    [Fact]
    public void Columns_that_are_no_numbers_or_not_there_are_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new Words()]);
        Assert.Contains("'Missing'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Missing").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("String", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMeanVariance("Text").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeLpNorm("Text").Fit(data)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.NormalizeMinMax(""));
    }

    private static void AssertRows(float[][] expected, IDataView actual)
    {
        var rows = actual.GetColumn<float[]>("N").ToArray();
        Assert.Equal(expected.Length, rows.Length);
        for (int i = 0; i < rows.Length; i++)
            Assert.Equal(expected[i], rows[i], Near);
    }

    private static bool Near(float expected, float actual) => (float.IsNaN(expected) && float.IsNaN(actual)) || Math.Abs(expected - actual) <= 1e-6f * Math.Max(1, Math.Abs(expected));

    private IDataView SparseData() => _ml.Data.LoadFromEnumerable(
    [
        new Sparse { V = new(10, 2, [1, -2], [5, 9]) }, new Sparse { V = new(10, 2, [4, 2], [2, 5]) }, new Sparse { V = new(10, 0, [], []) },
    ]);

    private static List<VBuffer<float>> Vectors(IDataView data)
    {
        var rows = new List<VBuffer<float>>();
        using var cursor = data.GetRowCursor([data.Schema["N"]]);
        var get = cursor.GetGetter<VBuffer<float>>(data.Schema["N"]);
        while (cursor.MoveNext())
        {
            VBuffer<float> value = default;
            get(ref value);
            rows.Add(value);
        }
        return rows;
    }

    private sealed class Row
    {
        [VectorType(4)]
        public float[] V { get; set; } = [];

        public float X { get; set; }

        public double D { get; set; }
    }

    private sealed class Sparse
    {
        [VectorType(10)]
        public VBuffer<float> V { get; set; }
    }

    private sealed class Pair
    {
        public float X { get; set; }

        public float Y { get; set; }
    }

    private sealed class Words
    {
        public string Text { get; set; } = "a";
    }
}
