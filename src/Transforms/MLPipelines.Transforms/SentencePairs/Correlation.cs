namespace MLPipelines.SentencePairs;

/// <summary>Correlation of two lists of numbers.</summary>
public static class Correlation
{
    /// <summary>Pearson's r: the covariance divided by both standard deviations.</summary>
    /// <param name="x">Finite numbers.</param>
    /// <param name="y">As many.</param>
    /// <returns>A number in [−1, 1]; NaN when a list is constant or has less than two numbers.</returns>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequireSameLength(x, y);
        // The mean of equal numbers may differ from them by a rounding, and what is left over would correlate.
        if (IsConstant(x) || IsConstant(y)) return double.NaN;
        var (meanX, meanY) = (Mean(x), Mean(y));
        double xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (a, b) = (x[i] - meanX, y[i] - meanY);
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }

        var r = xy / Math.Sqrt(xx) / Math.Sqrt(yy);
        return double.IsNaN(r) || double.IsInfinity(r) ? double.NaN : Math.Clamp(r, -1, 1);
    }

    /// <summary>Spearman's ρ: Pearson's r of the ranks, equal numbers sharing the average of their ranks.</summary>
    /// <param name="x">Numbers; infinities have a rank, NaN does not.</param>
    /// <param name="y">As many.</param>
    /// <returns>A number in [−1, 1]; NaN when a list is constant or has less than two numbers.</returns>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequireSameLength(x, y);
        return Pearson(AverageRanks(x), AverageRanks(y));
    }

    /// <summary>The rank of each number, from 1, smallest first; equal numbers share the average of their ranks.</summary>
    /// <param name="values">Numbers without NaN.</param>
    public static double[] AverageRanks(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (double.IsNaN(value)) throw new ArgumentException("A value that is not a number has no rank.", nameof(values));
        var sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (var first = 0; first < sorted.Length;)
        {
            var end = first + 1;
            while (end < sorted.Length && sorted[end] == sorted[first]) end++;
            for (var i = first; i < end; i++) ranks[order[i]] = (first + 1 + end) / 2.0;
            first = end;
        }

        return ranks;
    }

    static bool IsConstant(ReadOnlySpan<double> values) => values.IsEmpty || values.IndexOfAnyExcept(values[0]) < 0;

    static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    static void RequireSameLength(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw Failures.VectorLength(x.Length, y.Length);
    }
}
