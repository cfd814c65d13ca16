using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Interop;
using MLPipelines.Persistence;
using MLPipelines.Scoring;

namespace MLPipelines.Whitening;

/// <summary>BERT-whitening with its two hyper-parameters: centers, rotates and scales vectors, and keeps the leading dimensions.</summary>
/// <remarks>
/// <code>μ = mean(x);  Σ = (1/N) Σ (x − βμ)ᵀ(x − βμ) = U Λ Uᵀ, eigenvalues descending;  y = (x − βμ) U Λ^(−γ/2), the first k components</code>
/// β = γ = 1 is the original whitening: mean 0, unit variance, no correlation; it suits encoders that were only pre-trained. β = γ = 0 is a rotation, after which
/// the first k components are the best k to keep; it suits encoders trained for similarity. Between them lies a continuum, and
/// <see cref="WhiteningSearch"/> finds the place by data.
/// <list type="table">
/// <item><term>in: InputColumn</term><description>vector of Single, of known size D, dense or sparse</description></item>
/// <item><term>out: OutputColumn</term><description>vector of Single, of size k; annotated with slot names, and as normalized when γ is 1</description></item>
/// </list>
/// Fit reads the rows once, in any number, in memory that does not depend on it; see <see cref="MomentAccumulator"/>. Fit without labels on all texts of the task.
/// Sources: https://arxiv.org/abs/2103.15316, https://kexue.fm/archives/8069, https://kexue.fm/archives/9079.
/// </remarks>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2103.15316", Summary = "Whitens vectors: centers by β, scales by γ, keeps k dimensions")]
public sealed class WhiteningEstimator : IEstimator<BatchedTransformer<VectorRow>>, IPackageLoader
{
    internal const string Id = "transform.whitening.v1";
    const int RowsBetweenChecks = 1024;

    readonly IHostEnvironment _environment;
    readonly Options _options;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns and settings; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public WhiteningEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        (_environment, _options) = (environment, OptionsValidator.Validate(options, Id));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => WhiteningScorer.ContractOf(_options, size: 0, dimensions: 1).GetOutputSchema(inputSchema);

    /// <summary>Learns mean and covariance, and from them the projection.</summary>
    /// <param name="input">Rows with the vectors; read once.</param>
    /// <returns>The transformer. It owns native memory: dispose it when it is no longer needed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has another type.</exception>
    /// <exception cref="ArgumentException">The vectors have more than 16,383 components.</exception>
    /// <exception cref="DataFormatException">There are no rows, they do not vary, or one is not finite; the message says which.</exception>
    /// <exception cref="InvalidOperationException">The vectors span fewer than k dimensions, and the options refuse that.</exception>
    /// <exception cref="OperationCanceledException">Fit was cancelled.</exception>
    public BatchedTransformer<VectorRow> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        WhiteningScorer.ContractOf(_options, size: 0, dimensions: 1).Check(input.Schema);
        using var channel = HostChannel.Open(_environment, nameof(WhiteningEstimator), nameof(Fit));
        using var accumulator = Accumulate(input, _options.InputColumn, channel, _options.CancellationToken);
        var moments = accumulator.ToMoments();
        var basis = WhiteningBasis.Create(moments, _options.Beta);
        if (basis.Rank == 0) throw Failures.NoVariance(moments.Count);
        var wanted = _options.Dimensions ?? basis.Dimension;
        var kept = basis.Keep(_options);
        if (kept < wanted && _options.RankPolicy == RankPolicy.Refuse) throw Failures.RankTooLow(wanted, kept);
        if (kept < wanted) channel.Warning(FormattableString.Invariant($"The {moments.Count} vectors span {basis.Rank} dimensions; {kept} of {wanted} are kept."));
        channel.Info(FormattableString.Invariant($"Whitening of {moments.Count} vectors: {kept} of {basis.Dimension} dimensions hold {basis.ExplainedVariance(kept):P1} of the variance."));
        return new(new WhiteningScorer(basis, _options));
    }

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.ComponentId != Id) throw Failures.OtherComponent(Id, package.ComponentId);
        try
        {
            return new BatchedTransformer<VectorRow>(WhiteningScorer.Read(package, Id));
        }
        catch (ArgumentException exception)
        {
            throw Failures.PartCannotBeMade(typeof(WhiteningEstimator), exception);
        }
    }

    /// <summary>Adds the rows of one column to a new accumulator, which belongs to the caller.</summary>
    internal static MomentAccumulator Accumulate(IDataView input, string column, HostChannel channel, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var source = input.Schema[column];
        CheckLength(column, ((VectorDataViewType)source.Type).Size);
        using var cursor = input.GetRowCursor([source]);
        var get = cursor.GetGetter<VBuffer<float>>(cursor.Schema[source.Index]);
        var buffer = default(VBuffer<float>);
        var dense = new float[((VectorDataViewType)source.Type).Size];
        var accumulator = new MomentAccumulator(dense.Length) { Column = column };
        try
        {
            while (cursor.MoveNext())
            {
                token.ThrowIfCancellationRequested();
                if (accumulator.Count % RowsBetweenChecks == 0 && channel.IsCanceled) throw new OperationCanceledException();
                get(ref buffer);
                if (!buffer.IsDense) buffer.CopyTo(dense);
                accumulator.Add(buffer.IsDense ? buffer.GetValues() : dense);
            }

            return accumulator;
        }
        catch
        {
            accumulator.Dispose();
            throw;
        }
    }

    /// <summary>Refuses vectors whose matrix would be too large.</summary>
    internal static void CheckLength(string column, int length)
    {
        if (length > WhiteningBasis.MaximumDimension) throw Failures.VectorTooLong(column, WhiteningBasis.MaximumDimension, length);
    }

    /// <summary>Columns and settings.</summary>
    public sealed record Options
    {
        /// <summary>The column with the vectors.</summary>
        /// <value>The default is <c>Vector</c>.</value>
        [Required] public string InputColumn { get; init; } = "Vector";

        /// <summary>The column with the whitened vectors; it may be the input column.</summary>
        /// <value>The default is <c>Vector</c>.</value>
        [Required] public string OutputColumn { get; init; } = "Vector";

        /// <summary>β: how much of the mean is subtracted, from 0 (nothing) to 1 (all).</summary>
        /// <value>The default is 1.</value>
        [Range(0.0, 1.0)] public double Beta { get; init; } = 1;

        /// <summary>γ: how far the variances are made equal, from 0 (not at all) to 1 (completely).</summary>
        /// <value>The default is 1.</value>
        [Range(0.0, 1.0)] public double Gamma { get; init; } = 1;

        /// <summary>k: how many dimensions are kept, those with the largest variance first.</summary>
        /// <value>The default is none: all that the vectors span when γ is above 0, and simply all when γ is 0, since a rotation loses nothing.</value>
        [Range(1, int.MaxValue)] public int? Dimensions { get; init; }

        /// <summary>What happens when the vectors span fewer dimensions than asked for.</summary>
        /// <value>The default is <see cref="RankPolicy.Cut"/>.</value>
        [EnumDataType(typeof(RankPolicy))] public RankPolicy RankPolicy { get; init; } = RankPolicy.Cut;

        /// <summary>
        /// When γ is above 0: smaller eigenvalues count as this fraction of the largest, so that directions which hold little more than the rounding errors of Single values are not blown up.
        /// </summary>
        /// <value>The default is 1e-10.</value>
        [Range(0.0, 1.0)] public double EigenvalueFloor { get; init; } = 1e-10;

        /// <summary>How many rows a cursor may read ahead to transform them together.</summary>
        /// <value>The default is 256.</value>
        [Range(1, 1_000_000)] public int LookAhead { get; init; } = 256;

        /// <summary>Cancels Fit.</summary>
        /// <value>The default never cancels.</value>
        [JsonIgnore] public CancellationToken CancellationToken { get; init; }
    }
}
