using MLPipelines.Components;

namespace MLPipelines;

// Whitening and sentence pairs, codes MLP150 to MLP159; wrong data have MLP001, which DataFormatException adds.
static partial class Failures
{
    /// <summary>MLP150: a vector has another length than the others.</summary>
    public static ArgumentException VectorLength(int expected, int got) => new(Errors.Text("MLP150", "a vector has another length", expected: Invariant($"{expected}"), got: Invariant($"{got}")));

    /// <summary>MLP151: more dimensions are asked for than the data have, and that is to be an error.</summary>
    public static InvalidOperationException RankTooLow(int dimensions, int rank) => new(Errors.Text(
        "MLP151", "the vectors span fewer dimensions than asked for", expected: Invariant($"at least {dimensions}"), got: Invariant($"{rank}"),
        advice: "Ask for fewer Dimensions, fit on more rows, or let RankPolicy cut them"));

    /// <summary>MLP153: vectors are too long for a matrix of their size.</summary>
    public static ArgumentException VectorTooLong(string column, int maximum, long got) => new(Errors.Text(
        "MLP153", $"the vectors in the column '{column}' are too long to be whitened", expected: Invariant($"at most {maximum} components"), got: Invariant($"{got}"),
        advice: "The covariance matrix has the square of that many numbers; shorten the vectors first"));

    /// <summary>There are no vectors at all.</summary>
    public static DataFormatException NoVectors() => new("there are no vectors to learn from", expected: "at least one row", found: "none");

    /// <summary>All vectors are equal (or all zero), so there is no direction to keep.</summary>
    public static DataFormatException NoVariance(long rows) => new("the vectors do not differ", expected: "vectors that vary", found: Invariant($"{rows} rows without variance"));

    /// <summary>A value of a vector is not a number, or infinite.</summary>
    public static DataFormatException VectorNotFinite(long row, int slot, string? column = null) => new(
        Invariant($"the vector of row {row}{(column is null ? "" : $", column '{column}',")} is not finite"), expected: "finite numbers", found: Invariant($"NaN or an infinity in slot {slot}"));

    /// <summary>Squares of the values do not fit into float64.</summary>
    public static DataFormatException VectorsTooLarge() => new("the vectors are too large for float64", expected: "values below 1e150", found: "a sum that is infinite");

    /// <summary>There are no sentence pairs at all.</summary>
    public static DataFormatException NoPairs() => new("there are no sentence pairs", expected: "at least one row", found: "none");

    /// <summary>No trial of a search has a correlation.</summary>
    public static DataFormatException NoCorrelation(long pairs) => new(
        "no whitening can be compared with another: the correlation with the scores does not exist", expected: "at least two pairs, with scores that differ", found: Invariant($"{pairs} pairs"));

    /// <summary>A gold score is not a number, or infinite.</summary>
    public static DataFormatException PairScore(long row, string column, float score) => new(
        Invariant($"the score of row {row}, column '{column}', is not finite"), expected: "a finite number", found: Invariant($"{score}"));

    /// <summary>MLP152: the vectors to learn from have another length than those of the pairs.</summary>
    public static ArgumentException CorpusLength(string column, int expected, int got) => new(Errors.Text(
        "MLP152", $"the vectors of the corpus, column '{column}', have another length than those of the pairs", expected: Invariant($"{expected}"), got: Invariant($"{got}")));
}
