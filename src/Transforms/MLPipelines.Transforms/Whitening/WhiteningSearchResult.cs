using System.Globalization;
using System.Text;
using MLPipelines.Scoring;
using MLPipelines.SentencePairs;

namespace MLPipelines.Whitening;

/// <summary>What a search found. Immutable and thread-safe.</summary>
public sealed class WhiteningSearchResult
{
    readonly WhiteningSearch.Options _options;
    readonly VectorMoments _moments;

    internal WhiteningSearchResult(WhiteningSearch.Options options, VectorMoments moments, IEnumerable<WhiteningTrial> trials, SentencePairMetrics raw)
    {
        (_options, _moments, Raw) = (options, moments, raw);
        Trials = [.. trials.OrderBy(trial => trial.Dimensions).ThenBy(trial => trial.Beta).ThenBy(trial => trial.Gamma)];

        // Of equally good ones the simplest: few dimensions, little change. NaN is below every number.
        Best = Trials.OrderByDescending(trial => trial.Spearman).First();
    }

    /// <summary>The metrics of the vectors as they are, not whitened.</summary>
    public SentencePairMetrics Raw { get; }

    /// <summary>Every point of the grid, ordered by k, β and γ.</summary>
    public IReadOnlyList<WhiteningTrial> Trials { get; }

    /// <summary>The trial with the highest Spearman correlation; of equally good ones that with the smallest k, β and γ.</summary>
    public WhiteningTrial Best { get; }

    /// <summary>The statistics of the vectors.</summary>
    public VectorMoments Moments => _moments;

    /// <summary>Makes the transformer of a trial, as if <see cref="WhiteningEstimator"/> had been fitted with its β, γ and k.</summary>
    /// <param name="outputColumn">The column with the whitened vectors.</param>
    /// <param name="inputColumn">The column with the vectors; null stands for the output column.</param>
    /// <param name="trial">The trial; null stands for the best.</param>
    /// <returns>The transformer. It owns native memory and belongs to the caller.</returns>
    public BatchedTransformer<VectorRow> CreateTransformer(string outputColumn, string? inputColumn = null, WhiteningTrial? trial = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumn);
        trial ??= Best;
        return new(new WhiteningScorer(WhiteningBasis.Create(_moments, trial.Beta), new()
        {
            OutputColumn = outputColumn, InputColumn = inputColumn ?? outputColumn, Beta = trial.Beta, Gamma = trial.Gamma, Dimensions = trial.Dimensions, EigenvalueFloor = _options.EigenvalueFloor,
        }));
    }

    /// <summary>Spearman's ρ of every trial as a table in plain text: for each k a block with a line for each β and a column for each γ.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        foreach (var block in Trials.GroupBy(trial => trial.Dimensions))
        {
            text.Append(CultureInfo.InvariantCulture, $"{$"k = {block.Key}",-12}");
            foreach (var gamma in block.Select(trial => trial.Gamma).Distinct()) text.Append(CultureInfo.InvariantCulture, $"  γ {gamma,-6:0.###}");
            foreach (var line in block.GroupBy(trial => trial.Beta))
            {
                text.Append(CultureInfo.InvariantCulture, $"\nβ {line.Key,-10:0.###}");
                foreach (var trial in line) text.Append(CultureInfo.InvariantCulture, $"  {trial.Spearman,7:0.0000}{(trial == Best ? '*' : ' ')}");
            }

            text.Append("\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"not whitened  {Raw.Spearman:0.0000}\nbest *        {Best.Spearman:0.0000}: β {Best.Beta:0.###}, γ {Best.Gamma:0.###}, k {Best.Dimensions}\n");
        return text.ToString();
    }

    /// <summary>Spearman's ρ of every trial as a heat map: an SVG picture with a panel for each k, β downwards and γ to the right.</summary>
    public string ToSvg() => HeatMap.Draw(
        FormattableString.Invariant($"Spearman's ρ on {Raw.Count} pairs; not whitened {Raw.Spearman:0.0000}"),
        [.. Trials.GroupBy(trial => trial.Dimensions).Select(block => new HeatMap.Panel(
            FormattableString.Invariant($"k = {block.Key}"),
            [.. block.Select(trial => trial.Beta).Distinct()], [.. block.Select(trial => trial.Gamma).Distinct()], [.. block.Select(trial => trial.Spearman)],
            block.ToList().IndexOf(Best)))]);
}
