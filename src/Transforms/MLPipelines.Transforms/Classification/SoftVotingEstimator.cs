using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;

namespace MLPipelines.Classification;

/// <summary>Soft voting: joins several classifiers of one pipeline by the mean of their class probabilities. The class with the largest mean is predicted.</summary>
/// <remarks>
/// <code>p(c) = Σₘ wₘ pₘ(c) / Σₘ wₘ</code>
/// <list type="table">
/// <item><term>in: InputColumns</term><description>two or more vectors of Single, all of the same known size: probabilities, one slot for each class, the classes in the same order in all of them</description></item>
/// <item><term>out: PredictedLabel</term><description>key: the class with the largest mean; missing where a probability is not a number</description></item>
/// <item><term>out: Score</term><description>vector of Single, one slot for each class, slot names: the means, which add up to 1 as the probabilities do</description></item>
/// </list>
/// <para>
/// Models that differ (in their vocabulary, their seed, their kind) err differently, so their mean is right more often, and its probabilities are truer, than any one of them. Any classifier whose
/// scores are probabilities can vote, one of ML.NET's own as well. Fit learns nothing and reads no rows.
/// </para>
/// <para>
/// The classes are named by the slot names of the scores. Where a key column is already called like the predicted label, such as the last classifier's own, its key values stay what they are.
/// </para>
/// Sources: https://arxiv.org/abs/1612.01474 (section 2.4); https://doi.org/10.1109/34.667881 (the sum rule).
/// </remarks>
/// <example><code>
/// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
///     .Append(mlContext.MulticlassClassification.Trainers.RoFormer(new() { VocabularySize = 700 })).Append(mlContext.Transforms.CopyColumns("Fine", "Score"))
///     .Append(mlContext.MulticlassClassification.Trainers.RoFormer(new() { VocabularySize = 1500 })).Append(mlContext.Transforms.CopyColumns("Coarse", "Score"))
///     .Append(mlContext.Transforms.SoftVoting(["Fine", "Coarse"]));
/// </code></example>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/1612.01474", Summary = "Joins classifiers by the mean of their class probabilities")]
public sealed class SoftVotingEstimator : IEstimator<ITransformer>, IPackageLoader
{
    internal const string Id = "transform.soft-voting.v1";

    readonly Options _options;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns and weights; never changed.</param>
    /// <exception cref="ArgumentException">Fewer than two input columns are named, or options are out of range.</exception>
    public SoftVotingEstimator(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _options = OptionsValidator.Validate(options, Id);
        SoftVotingScorer.ContractOf(_options);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var keyValues = inputSchema.Where(column => column.Name == _options.PredictedLabelColumn && column is { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar }).Select(KeyNames.Promised).FirstOrDefault();
        return SoftVotingScorer.ContractOf(_options, keyValues: keyValues).GetOutputSchema(inputSchema);
    }

    /// <summary>Looks at the columns; learns nothing.</summary>
    /// <param name="input">Data with the input columns; only its schema is looked at.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has another type or size than the first.</exception>
    /// <exception cref="ArgumentException">The classes of two columns differ.</exception>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SoftVotingScorer.ContractOf(_options).Check(input.Schema);
        var key = input.Schema.GetColumnOrNull(_options.PredictedLabelColumn) is { Type: KeyDataViewType } found ? found : (DataViewSchema.Column?)null;
        var scorer = new SoftVotingScorer(_options, Classes(input.Schema, key), key is null ? null : KeyNames.ValuesOf(key.Value));
        scorer.Contract.Check(input.Schema);
        return new BatchedTransformer<VotingRow>(scorer);
    }

    /// <summary>What the classes are called, by all columns that say so.</summary>
    IReadOnlyList<string> Classes(DataViewSchema schema, DataViewSchema.Column? key)
    {
        var named = new List<(string Column, IReadOnlyList<string> Names)>();
        foreach (var column in _options.InputColumns)
        {
            if (SlotNames.Of(schema[column]) is { } names) named.Add((column, names));
        }
        if (key is not null) named.Add((key.Value.Name, KeyNames.Of(key.Value)));
        if (named.Count == 0) return KeyNames.FromOne(((VectorDataViewType)schema[_options.InputColumns[0]].Type).Size);
        var (first, classes) = named[0];
        foreach (var (column, names) in named.Skip(1))
        {
            if (names.Count != classes.Count) throw Failures.VotesOnOtherClasses(first, column, FormattableString.Invariant($"{classes.Count} classes"), FormattableString.Invariant($"{names.Count}"));
            var other = classes.Zip(names).TakeWhile(pair => pair.First == pair.Second).Count();
            if (other < classes.Count) throw Failures.VotesOnOtherClasses(first, column, FormattableString.Invariant($"class {other + 1} '{classes[other]}'"), $"'{names[other]}'");
        }
        return classes;
    }

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new BatchedTransformer<VotingRow>(SoftVotingScorer.Read(package));
    }

    /// <summary>Columns and weights; saved in the model.</summary>
    public sealed record Options : IValidatableObject
    {
        /// <summary>The columns with the classifiers' probabilities, two or more. <c>CopyColumns</c> gives a <c>Score</c> a name of its own before the next classifier adds another.</summary>
        /// <value>The default is empty, for constructors that are given them.</value>
        [Required] public IReadOnlyList<string> InputColumns { get; init; } = [];

        /// <summary>How much each classifier counts, in the order of the columns: finite numbers above 0, of which only the ratios matter. Empty stands for all alike.</summary>
        /// <value>The default is empty.</value>
        [Required] public IReadOnlyList<double> Weights { get; init; } = [];

        /// <summary>The output column with the means; it may be one of the input columns.</summary>
        /// <value>The default is <c>Score</c>.</value>
        [Required] public string ScoreColumn { get; init; } = "Score";

        /// <summary>The output column with the predicted class. A key column of that name, if there is one, gives it its key values.</summary>
        /// <value>The default is <c>PredictedLabel</c>.</value>
        [Required] public string PredictedLabelColumn { get; init; } = "PredictedLabel";

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (InputColumns.Any(string.IsNullOrEmpty)) yield return new("The field InputColumns must hold names of columns, found an empty one.", [nameof(InputColumns)]);
            var twice = InputColumns.CountBy(column => column, StringComparer.Ordinal).FirstOrDefault(column => column.Value > 1).Key;
            if (twice is not null) yield return new($"The field InputColumns must name each column once, found '{twice}' again. A weight lets a classifier count more.", [nameof(InputColumns)]);
            if (Weights.Count > 0 && Weights.Count != InputColumns.Count)
                yield return new(FormattableString.Invariant($"The field Weights must have one number for each of the {InputColumns.Count} input columns, or none, found {Weights.Count}."), [nameof(Weights)]);
            foreach (var weight in Weights.Where(weight => !(weight > 0 && double.IsFinite(weight))).Take(1))
                yield return new(FormattableString.Invariant($"The field Weights must hold finite numbers above 0, found {weight}."), [nameof(Weights)]);
        }
    }
}
