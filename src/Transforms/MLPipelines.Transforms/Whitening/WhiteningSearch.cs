using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Interop;

namespace MLPipelines.Whitening;

/// <summary>Finds β, γ and k of a whitening by Spearman's correlation of cosines with gold scores, reading the data once.</summary>
/// <remarks>
/// One pass collects the statistics and keeps the vectors of the scored pairs (8 D bytes a pair). Then each β costs one decomposition and one rotation z = (x − βμ)U of the
/// pairs, and every (γ, k) only sums: the dot products of the whitened vectors are <c>Σ_{i≤k} z₁ᵢ z₂ᵢ λᵢ^(−γ)</c>, for all (γ, k) at once one matrix product.
/// Scored pairs are labelled data: report the result on others.
/// Source: https://kexue.fm/archives/9079.
/// </remarks>
public sealed class WhiteningSearch
{
    const string Name = nameof(WhiteningSearch);

    readonly IHostEnvironment _environment;
    readonly Options _options;

    /// <summary>Makes a search.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">The grid and the columns; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public WhiteningSearch(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        (_environment, _options) = (environment, OptionsValidator.Validate(options, Name));
    }

    /// <summary>Tries the whole grid.</summary>
    /// <param name="pairs">Rows of two vectors and a score; read once.</param>
    /// <param name="corpus">Further vectors for mean and covariance, without scores; read once. Null: those of the pairs.</param>
    /// <returns>Every trial, the best one, and transformers for them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="DataFormatException">There are no rows, the vectors do not vary, no correlation with the scores exists, or a value is not finite; the message names the row.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public WhiteningSearchResult Run(IDataView pairs, IDataView? corpus = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        using var channel = HostChannel.Open(_environment, Name, nameof(Run));
        if (corpus is not null) WhiteningScorer.ContractOf(new() { InputColumn = _options.CorpusColumn }, size: 0, dimensions: 1).Check(corpus.Schema);
        var read = ScoredPairs.Read(pairs, _options, Check);
        var moments = Moments(read, corpus, channel);
        var gammas = _options.Gammas.Distinct().Order().ToArray();
        var trials = new List<WhiteningTrial>();
        IReadOnlyList<int>? dimensions = null;
        foreach (var beta in _options.Betas.Distinct().OrderDescending())
        {
            Check();
            var basis = WhiteningBasis.Create(moments, beta);

            // The largest β comes first: it has the lowest rank, and the grid keeps to what every β allows.
            dimensions ??= DimensionsWithin(basis, moments.Count, channel);
            trials.AddRange(read.Score(basis, gammas, dimensions, _options.EigenvalueFloor, Check));
        }

        if (trials.TrueForAll(trial => double.IsNaN(trial.Spearman))) throw Failures.NoCorrelation(read.Count);
        var result = new WhiteningSearchResult(_options, moments, trials, read.Raw());
        channel.Info(FormattableString.Invariant(
            $"Best of {trials.Count} whitenings on {read.Count} pairs: beta {result.Best.Beta}, gamma {result.Best.Gamma}, {result.Best.Dimensions} dimensions, Spearman {result.Best.Spearman:F4} (before {result.Raw.Spearman:F4})."));
        return result;

        void Check()
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            if (channel.IsCanceled) throw new OperationCanceledException();
        }
    }

    VectorMoments Moments(ScoredPairs pairs, IDataView? corpus, HostChannel channel)
    {
        WhiteningEstimator.CheckLength(_options.FirstColumn, pairs.Dimension);
        using var accumulator = corpus is null
            ? new MomentAccumulator(pairs.Dimension) : WhiteningEstimator.Accumulate(corpus, _options.CorpusColumn, channel, _options.CancellationToken);
        if (accumulator.Dimension != pairs.Dimension) throw Failures.CorpusLength(_options.CorpusColumn, pairs.Dimension, accumulator.Dimension);
        if (corpus is null || _options.IncludePairs) pairs.AddTo(accumulator);
        return accumulator.ToMoments();
    }

    IReadOnlyList<int> DimensionsWithin(WhiteningBasis basis, long rows, HostChannel channel)
    {
        if (basis.Rank == 0) throw Failures.NoVariance(rows);
        var wanted = _options.Dimensions.Count > 0 ? _options.Dimensions : [.. Enumerable.Range(0, 4).Select(halvings => basis.Dimension >> halvings).Where(k => k > 0)];
        if (wanted.Max() > basis.Rank) channel.Warning(FormattableString.Invariant($"The vectors span {basis.Rank} dimensions; the search goes no further."));
        return [.. wanted.Select(k => Math.Min(k, basis.Rank)).Distinct().Order()];
    }

    /// <summary>The grid and the columns.</summary>
    public sealed record Options : IValidatableObject
    {
        /// <summary>The column with the first sentence's vector, of Single and known size.</summary>
        /// <value>The default is <c>First</c>.</value>
        [Required] public string FirstColumn { get; init; } = "First";

        /// <summary>The column with the second sentence's vector, of the same size.</summary>
        /// <value>The default is <c>Second</c>.</value>
        [Required] public string SecondColumn { get; init; } = "Second";

        /// <summary>The column with the gold score, Single: the higher, the more similar.</summary>
        /// <value>The default is <c>Score</c>.</value>
        [Required] public string ScoreColumn { get; init; } = "Score";

        /// <summary>The column with the vectors of the corpus.</summary>
        /// <value>The default is <c>Vector</c>.</value>
        [Required] public string CorpusColumn { get; init; } = "Vector";

        /// <summary>Whether the pairs' vectors count for mean and covariance beside those of a corpus. Without a corpus they always do.</summary>
        /// <value>The default is true: a whitening is fitted on all texts of a task, which needs no labels.</value>
        public bool IncludePairs { get; init; } = true;

        /// <summary>The values of β, each in [0, 1].</summary>
        /// <value>The default is 0, 0.25, 0.5, 0.75, 1.</value>
        [MinLength(1)] public IReadOnlyList<double> Betas { get; init; } = [0, 0.25, 0.5, 0.75, 1];

        /// <summary>The values of γ, each in [0, 1].</summary>
        /// <value>The default is 0, 0.25, 0.5, 0.75, 1.</value>
        [MinLength(1)] public IReadOnlyList<double> Gammas { get; init; } = [0, 0.25, 0.5, 0.75, 1];

        /// <summary>The values of k, each at least 1; those above what the vectors span are cut to it, with a warning.</summary>
        /// <value>The default is none: all dimensions, a half, a quarter and an eighth of them.</value>
        public IReadOnlyList<int> Dimensions { get; init; } = [];

        /// <inheritdoc cref="WhiteningEstimator.Options.EigenvalueFloor"/>
        /// <value>The default is 1e-10.</value>
        [Range(0.0, 1.0)] public double EigenvalueFloor { get; init; } = 1e-10;

        /// <summary>Cancels the search.</summary>
        /// <value>The default never cancels.</value>
        [JsonIgnore] public CancellationToken CancellationToken { get; init; }

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Betas.Any(beta => beta is not (>= 0 and <= 1))) yield return new("Every value must be from 0 to 1.", [nameof(Betas)]);
            if (Gammas.Any(gamma => gamma is not (>= 0 and <= 1))) yield return new("Every value must be from 0 to 1.", [nameof(Gammas)]);
            if (Dimensions.Any(k => k < 1)) yield return new("Every value must be at least 1.", [nameof(Dimensions)]);
        }
    }
}
