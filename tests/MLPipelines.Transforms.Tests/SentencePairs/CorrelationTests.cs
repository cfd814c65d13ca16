using MLPipelines.SentencePairs;

namespace MLPipelines.Transforms.Tests.SentencePairs;

public sealed class CorrelationTests
{
    static readonly Golden s_golden = new("correlation.json");
    static readonly Golden s_whitening = new("whitening.json");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_golden["cases"].GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ranks_and_correlations_are_those_of_the_reference(int index)
    {
        var golden = s_golden["cases"][index];
        var (x, y) = (Numbers(golden.GetProperty("x")), Numbers(golden.GetProperty("y")));
        Assert.Equal(Numbers(golden.GetProperty("ranks_of_x")), Correlation.AverageRanks(x));
        Assert.Equal(golden.GetProperty("spearman").GetDouble(), Correlation.Spearman(x, y), 1e-12);
        Assert.Equal(golden.GetProperty("pearson").GetDouble(), Correlation.Pearson(x, y), 1e-12);
    }

    [Fact]
    public void Spearman_agrees_with_the_golden_file_of_whitening()
    {
        var labels = Tensors("spearman", "labels");
        Assert.Equal(s_whitening["spearman", "with_raw_cosines"].GetDouble(), Correlation.Spearman(Tensors("raw_pair_cosines"), labels), 1e-12);
        Assert.Equal(s_whitening["spearman", "with_third_party_whitened_k6"].GetDouble(), Correlation.Spearman(Tensors("third_party_beta1_gamma1_pair_cosines", "6"), labels), 1e-12);
        Assert.Equal(
            s_whitening["spearman", "small_tie_case", "rho"].GetDouble(),
            Correlation.Spearman(Tensors("spearman", "small_tie_case", "x"), Tensors("spearman", "small_tie_case", "y")), 1e-12);
    }

    [Fact]
    public void A_table_computed_by_hand()
    {
        // Ranks of x: 1, 2.5, 2.5, 4; of y: 2, 1, 3.5, 3.5. Products of the deviations sum to 2.25, squares to 4.5 each.
        Assert.Equal(0.5, Correlation.Spearman([10, 20, 20, 30], [5, 1, 7, 7]), 1e-15);

        // Deviations of x: -1, 0, 1; of y: -2, 1, 1.
        Assert.Equal(3 / Math.Sqrt(2 * 6), Correlation.Pearson([1, 2, 3], [0, 3, 3]), 1e-15);
    }

    [Fact]
    public void What_has_no_correlation_is_NaN_and_what_has_no_rank_is_refused()
    {
        Assert.Equal(double.NaN, Correlation.Spearman([], []));
        Assert.Equal(double.NaN, Correlation.Pearson([1], [2]));
        Assert.Equal(double.NaN, Correlation.Spearman([1, 1, 1], [1, 2, 3]));
        Assert.Equal(double.NaN, Correlation.Pearson([1, 2, 3], [7, 7, 7]));
        foreach (var (value, count) in new[] { (0.1, 10), (0.123456789012, 50) }) Assert.Equal(double.NaN, Correlation.Pearson([.. Enumerable.Repeat(value, count)], [.. Enumerable.Range(0, count).Select(i => (double)i)]));
        Assert.Equal(1, Correlation.Spearman([double.NegativeInfinity, 0, double.PositiveInfinity], [1, 2, 3]), 1e-15);
        Assert.Throws<ArgumentException>(() => Correlation.Spearman([1, double.NaN], [1, 2]));
        Assert.Throws<ArgumentException>(() => Correlation.Pearson([1, 2], [1]));
    }

    static double[] Numbers(System.Text.Json.JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    static double[] Tensors(params string[] path) => Numbers(s_whitening[path].GetProperty("data"));
}
