using System.Text.Json;
using MLPipelines.Whitening;

namespace MLPipelines.Transforms.Tests.Whitening;

/// <summary>The numbers of third-party code, and the properties that define a whitening.</summary>
public sealed class WhiteningBasisTests
{
    static readonly Golden s_golden = new("whitening.json");

    public static TheoryData<int> Grid => [.. Enumerable.Range(0, s_golden["grid"].GetArrayLength())];

    [Theory]
    [MemberData(nameof(Grid))]
    public void Eigenvalues_cosines_and_dot_products_are_those_of_the_reference(int index)
    {
        var golden = s_golden["grid"][index];
        var (beta, gamma, k) = (golden.GetProperty("beta").GetDouble(), golden.GetProperty("gamma").GetDouble(), golden.GetProperty("k").GetInt32());
        var rows = Rows(s_golden["X"]);
        var basis = WhiteningBasis.Create(Moments(rows), beta);
        var whitened = Apply(basis, gamma, k, rows);
        Close(Values(golden.GetProperty("eigenvalues")), basis.Eigenvalues.ToArray(), 1e-10);
        Close(Values(golden.GetProperty("pair_cosines")), Pairs().Select(pair => Cosine(whitened[pair.First], whitened[pair.Second])), 1e-10);
        var gram = golden.EnumerateObject().First(property => property.Name.StartsWith("gram", StringComparison.Ordinal)).Value;
        Close(Values(gram), whitened[..5].SelectMany(_ => whitened[..5], Dot), 1e-9);
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("6", 6)]
    [InlineData("3", 3)]
    public void The_original_whitening_has_the_cosines_of_the_authors_code(string key, int k)
    {
        var rows = Rows(s_golden["X"]);
        var whitened = Apply(WhiteningBasis.Create(Moments(rows), 1), 1, k, rows);
        Close(Values(s_golden["third_party_beta1_gamma1_pair_cosines", key]), Pairs().Select(pair => Cosine(whitened[pair.First], whitened[pair.Second])), 1e-10);
    }

    [Fact]
    public void Beta_and_gamma_0_with_all_dimensions_change_no_cosine()
    {
        var rows = Rows(s_golden["X"]);
        var rotated = Apply(WhiteningBasis.Create(Moments(rows), 0), 0, rows[0].Length, rows);
        Close(Values(s_golden["raw_pair_cosines"]), Pairs().Select(pair => Cosine(rotated[pair.First], rotated[pair.Second])), 1e-12);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 0.5)]
    public void Second_moments_of_the_result_are_the_eigenvalues_to_the_power_of_what_gamma_leaves(double beta, double gamma)
    {
        var rows = Rows(s_golden["X"]);
        var basis = WhiteningBasis.Create(Moments(rows), beta);
        var whitened = Apply(basis, gamma, basis.Dimension, rows);
        for (var i = 0; i < basis.Dimension; i++)
            for (var j = 0; j < basis.Dimension; j++)
                Assert.Equal(i == j ? Math.Pow(basis.Eigenvalues.Span[i], 1 - gamma) : 0, whitened.Average(row => row[i] * row[j]), 1e-8);
    }

    [Fact]
    public void Signs_do_not_depend_on_how_the_data_came_in()
    {
        var rows = Rows(s_golden["X"]);
        var directions = WhiteningBasis.Create(Moments(rows), 1).Directions.ToArray();
        Close(directions, WhiteningBasis.Create(Moments([.. rows.Reverse()]), 1).Directions.ToArray(), 1e-9);
        for (var column = 0; column < 10; column++)
            Assert.True(Enumerable.Range(0, 10).Select(row => directions[row * 10 + column]).MaxBy(Math.Abs) > 0);
    }

    [Fact]
    public void Rank_counts_directions_that_vary()
    {
        double[][] plane = [.. Rows(s_golden["X"]).Select(row => (double[])[row[0], row[1], row[0] + row[1], 7])];
        Assert.Equal(2, WhiteningBasis.Create(Moments(plane), 1).Rank);
        Assert.Equal(3, WhiteningBasis.Create(Moments(plane), 0.5).Rank);
        Assert.Equal(0, WhiteningBasis.Create(Moments([[1, 2], [1, 2]]), 1).Rank);
        Assert.Throws<ArgumentOutOfRangeException>(() => WhiteningBasis.Create(Moments(plane), 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => WhiteningBasis.Create(Moments(plane), double.NaN));
    }

    [Fact]
    public void What_single_arithmetic_leaves_is_no_direction()
    {
        // Vectors whose components sum to 0, as those of a layer norm do, up to rounding.
        var random = new Random(2);
        using var accumulator = new MomentAccumulator(8);
        for (var i = 0; i < 500; i++)
        {
            var row = Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble()).ToArray();
            var mean = row.Average();
            accumulator.Add([.. row.Select(value => value - mean)]);
        }

        Assert.Equal(7, WhiteningBasis.Create(accumulator.ToMoments(), 1).Rank);
        Assert.Equal(7, WhiteningBasis.Create(accumulator.ToMoments(), 0).Rank);
    }

    [Fact]
    public void Eigenvalues_below_the_floor_are_not_blown_up()
    {
        var random = new Random(1);
        double[][] rows = [.. Enumerable.Range(0, 400).Select(_ => (double[])[random.NextDouble(), 1e-7 * random.NextDouble()])];
        var basis = WhiteningBasis.Create(Moments(rows), 1);
        Assert.Equal(2, basis.Rank);
        var (free, floored) = (basis.Scales(1, 0), basis.Scales(1, 1e-10));
        Assert.Equal(free[0], floored[0]);
        Assert.InRange(free[1] / free[0], 0.9e7, 1.1e7);
        Assert.Equal(1e5, floored[1] / floored[0], 1e-3);
        Assert.All(basis.Scales(0, 1e-10), scale => Assert.Equal(1, scale));
    }

    static VectorMoments Moments(double[][] rows)
    {
        using var accumulator = new MomentAccumulator(rows[0].Length);
        foreach (var row in rows) accumulator.Add(row);
        return accumulator.ToMoments();
    }

    static double[][] Apply(WhiteningBasis basis, double gamma, int k, double[][] rows)
    {
        var projection = basis.Projection(gamma, k, floor: 0);
        return [.. rows.Select(row => Enumerable.Range(0, k).Select(column => row.Select((value, i) => (value - basis.Center.Span[i]) * projection[i * k + column]).Sum()).ToArray())];
    }

    static IEnumerable<(int First, int Second)> Pairs() => s_golden["pairs"].EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()));

    static double[][] Rows(JsonElement matrix) => [.. Values(matrix).Chunk(matrix.GetProperty("shape")[1].GetInt32())];

    static double[] Values(JsonElement node) => [.. node.GetProperty("data").EnumerateArray().Select(value => value.GetDouble())];

    static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    static void Close(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance)
    {
        var (left, right) = (expected.ToArray(), actual.ToArray());
        Assert.Equal(left.Length, right.Length);
        for (var i = 0; i < left.Length; i++) Assert.Equal(left[i], right[i], tolerance * Math.Max(1, Math.Abs(left[i])));
    }
}
