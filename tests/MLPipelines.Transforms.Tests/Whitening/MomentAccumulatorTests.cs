using MLPipelines.Components;
using MLPipelines.Whitening;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Whitening;

[Collection("thread count")]
public sealed class MomentAccumulatorTests
{
    const double Tolerance = 1e-10;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 7, 0)]
    [InlineData(500, 3, 0)]
    [InlineData(300, 40, 1e4)]
    [InlineData(9000, 520, -300)]
    public void One_pass_over_single_values_agrees_with_two_passes(int rows, int size, double mean)
        => Agrees(Random(rows, size, (random, _, slot) => (float)(mean + (slot + 1) * (random.NextDouble() - 0.5))));

    [Fact]
    public void A_mean_that_drifts_and_an_outlier_in_the_first_row_cost_no_accuracy()
    {
        Agrees(Random(20_000, 33, (random, row, slot) => (float)(row * 10 + random.NextDouble() + slot)));
        Agrees(Random(20_000, 33, (random, row, slot) => (float)(row < 10_000 ? random.NextDouble() : 1e6 + random.NextDouble())));
        Agrees(Random(20_000, 33, (random, row, slot) => row == 0 ? 1e6f : (float)random.NextDouble()));
        Agrees(Random(20_000, 33, (random, row, slot) => row == 0 ? 1e6f : (float)random.NextDouble()), resultAfterOneRow: true);
    }

    [Fact]
    public void Double_rows_are_used_in_full()
    {
        // Differences in the last bits of float64: float32 would see equal rows.
        using var accumulator = new MomentAccumulator(1);
        foreach (var value in new[] { 1 + 1e-12, 1, 1 - 1e-12 }) accumulator.Add([value]);
        var variance = (Math.Pow(1 + 1e-12 - 1, 2) + Math.Pow(1 - 1e-12 - 1, 2)) / 3;
        Assert.Equal(1, accumulator.ToMoments().Covariance.Span[0] / variance, 1e-3);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(40, 0)]
    [InlineData(4500, 4000)]
    [InlineData(13, 9000)]
    public void Merged_parts_equal_the_whole(int first, int second)
    {
        var data = Random(first + second, 600, (random, row, slot) => (float)(random.NextDouble() * (slot + 1) + (row < first ? 100 : -50)));
        using var whole = Accumulate(data);
        using var left = Accumulate(data[..first]);
        using var right = Accumulate(data[first..]);
        var before = right.Count > 0 ? right.ToMoments() : null;
        left.Merge(right);
        RequireEqual(whole.ToMoments(), left.ToMoments());
        if (before is not null) Assert.Equal(before.Covariance.ToArray(), right.ToMoments().Covariance.ToArray());
    }

    [Fact]
    public void Rows_may_follow_a_result_and_a_merge()
    {
        var data = Random(900, 12, (random, row, slot) => (float)random.NextDouble() * (row + slot));
        using var whole = Accumulate(data);
        using var other = Accumulate(data[..300]);
        using var accumulator = Accumulate(data[300..500]);
        accumulator.ToMoments();
        accumulator.Merge(other);
        foreach (var row in data[500..]) accumulator.Add(row);
        RequireEqual(whole.ToMoments(), accumulator.ToMoments());
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        // Three blocks, of which one is filled while another is multiplied.
        var data = Random(20_000, 520, (random, row, slot) => (float)(random.NextDouble() * (slot + 1) + row));
        var moments = new List<VectorMoments>();
        var before = get_num_threads();
        try
        {
            foreach (var threads in new[] { 1, 2, 3 })
            {
                set_num_threads(threads);
                using var accumulator = Accumulate(data);
                moments.Add(accumulator.ToMoments());
            }
        }
        finally
        {
            set_num_threads(before);
        }

        foreach (var other in moments[1..])
        {
            Assert.Equal(moments[0].Mean.ToArray(), other.Mean.ToArray());
            Assert.Equal(moments[0].Covariance.ToArray(), other.Covariance.ToArray());
        }
    }

    [Fact]
    public void An_accumulator_may_be_disposed_while_products_are_computed()
    {
        var row = new float[2000];
        for (var i = 0; i < 5; i++)
        {
            using var accumulator = new MomentAccumulator(row.Length);
            while (accumulator.Count < 2100) accumulator.Add(row);
        }
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 17)]
    [InlineData(float.NegativeInfinity, 9999)]
    public void A_row_that_is_not_finite_is_named(float value, int bad)
    {
        var data = Random(10_000, 520, (random, row, slot) => row == bad && slot == 3 ? value : (float)random.NextDouble());
        var error = Assert.Throws<DataFormatException>(() =>
        {
            using var accumulator = Accumulate(data);
            accumulator.ToMoments();
        });
        Assert.Contains($"row {bad + 1} ", error.Message, StringComparison.Ordinal);
        Assert.Contains("slot 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using var accumulator = new MomentAccumulator(2);
        using var other = new MomentAccumulator(3);
        Assert.Contains("no vectors", Assert.Throws<DataFormatException>(accumulator.ToMoments).Message, StringComparison.Ordinal);
        Assert.StartsWith("MLP150", Assert.Throws<ArgumentException>(() => accumulator.Add([1f])).Message, StringComparison.Ordinal);
        Assert.StartsWith("MLP150", Assert.Throws<ArgumentException>(() => accumulator.Merge(other)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MomentAccumulator(0));
        accumulator.Add([1e300, 1]);
        accumulator.Add([-1e300, 1]);
        Assert.Contains("too large", Assert.Throws<DataFormatException>(accumulator.ToMoments).Message, StringComparison.Ordinal);
    }

    static void Agrees(float[][] data, bool resultAfterOneRow = false)
    {
        using var accumulator = new MomentAccumulator(data[0].Length);
        foreach (var row in data)
        {
            accumulator.Add(row);
            if (resultAfterOneRow && accumulator.Count == 1) accumulator.ToMoments();
        }

        var moments = accumulator.ToMoments();
        var (mean, covariance) = TwoPasses(data);
        var scale = Enumerable.Range(0, mean.Length).Select(i => Math.Sqrt(covariance[i * mean.Length + i])).ToArray();
        Assert.Equal(data.Length, moments.Count);
        for (var i = 0; i < mean.Length; i++)
        {
            Assert.InRange(Math.Abs(moments.Mean.Span[i] - mean[i]), 0, 1e-12 * Math.Max(scale[i], Math.Abs(mean[i])) + 1e-15);
            for (var j = 0; j < mean.Length; j++)
                Assert.InRange(Math.Abs(moments.Covariance.Span[i * mean.Length + j] - covariance[i * mean.Length + j]), 0, Tolerance * scale[i] * scale[j]);
        }
    }

    // The textbook, with compensated sums, so that the reference is better than what it judges.
    static (double[] Mean, double[] Covariance) TwoPasses(float[][] data)
    {
        var size = data[0].Length;
        var mean = new double[size];
        for (var i = 0; i < size; i++) mean[i] = Sum(data.Select(row => (double)row[i])) / data.Length;
        var covariance = new double[size * size];
        var lost = new double[size * size];
        var difference = new double[size];
        foreach (var row in data)
        {
            for (var i = 0; i < size; i++) difference[i] = row[i] - mean[i];
            for (var i = 0; i < size; i++)
                for (var j = 0; j <= i; j++)
                {
                    var (at, term) = (i * size + j, difference[i] * difference[j]);
                    var corrected = term - lost[at];
                    var sum = covariance[at] + corrected;
                    lost[at] = sum - covariance[at] - corrected;
                    covariance[at] = sum;
                }
        }

        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++) covariance[j * size + i] = covariance[i * size + j] /= data.Length;
        return (mean, covariance);
    }

    static double Sum(IEnumerable<double> values)
    {
        double sum = 0, lost = 0;
        foreach (var value in values)
        {
            var corrected = value - lost;
            var next = sum + corrected;
            (lost, sum) = (next - sum - corrected, next);
        }

        return sum;
    }

    static void RequireEqual(VectorMoments expected, VectorMoments actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        var scale = Enumerable.Range(0, expected.Dimension).Max(i => expected.Covariance.Span[i * expected.Dimension + i]);
        Assert.All(expected.Mean.ToArray().Zip(actual.Mean.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-11));
        Assert.InRange(expected.Covariance.ToArray().Zip(actual.Covariance.ToArray()).Max(pair => Math.Abs(pair.First - pair.Second)), 0, Tolerance * scale);
    }

    static MomentAccumulator Accumulate(float[][] data)
    {
        var accumulator = new MomentAccumulator(data.Length > 0 ? data[0].Length : 600);
        foreach (var row in data) accumulator.Add(row);
        return accumulator;
    }

    static float[][] Random(int rows, int size, Func<Random, int, int, float> value)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, size).Select(slot => value(random, row, slot)).ToArray())];
    }
}
