using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Classification;

/// <summary>Says which one of several classes a text, or a pair of texts, belongs to.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>in: Text, and a second text column for pairs</term><description>text</description></item>
/// <item><term>out: PredictedLabel</term><description>key with the classes as its key values, of the type that the label's had: the class with the largest score</description></item>
/// <item><term>out: Score</term><description>vector of Single, one slot for each class, slot names: probabilities that add up to 1 (softmax)</description></item>
/// </list>
/// A text longer than the encoder accepts is read in overlapping windows whose raw scores are averaged. The classes are in the order of the label's key values, so ML.NET's
/// own evaluation and cross validation apply. Source: https://arxiv.org/abs/1810.04805 (section 3.2).
/// </remarks>
[PipelineComponent("transform.text-classification.v1", Source = "https://arxiv.org/abs/1810.04805", Summary = "Assigns one of several classes to a text or a pair of texts")]
public sealed class TextClassificationScorer : IBatchScorer<TextRow>, IPackageLoader
{
    const string Id = "transform.text-classification.v1";

    readonly TextScoring _scoring;
    readonly Options _options;
    readonly Array? _keyValues;

    /// <summary>Joins a tokenizer and a trained model.</summary>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <param name="model">The model; owned from now on, moved to the device of the options and switched to eval mode.</param>
    /// <param name="classes">The classes, in the order of the model's head.</param>
    /// <param name="options">Columns and prediction settings; null stands for the defaults.</param>
    /// <param name="attachments">Files that travel with the model unread, for example how it was trained; not named <c>vocab.txt</c>.</param>
    /// <param name="keyValues">
    /// What the classes are called in the data, where that is no text: an array of numbers, Booleans, dates or time spans with one element for each class. They are the key values of the predicted label.
    /// </param>
    /// <exception cref="ArgumentException">The parts do not fit each other, a class is there twice, or options are out of range.</exception>
    /// <exception cref="InvalidOperationException">The device is not there.</exception>
    public TextClassificationScorer(
        ITextTokenizer tokenizer, TextScoringModel model, IReadOnlyList<string> classes, Options? options = null, IReadOnlyDictionary<string, byte[]>? attachments = null,
        Array? keyValues = null)
    {
        _options = OptionsValidator.Validate(options ?? new(), Id);
        _scoring = new(tokenizer, model, classes, _options.Input, _options.Device, attachments);
        if (keyValues is not null && keyValues.Length != Classes.Count) throw Failures.PartsDoNotFit("the key values do not fit the classes", Classes.Count, keyValues.Length);
        _keyValues = (Array?)keyValues?.Clone();
        Contract = ContractOf(_options, Classes, _keyValues);
    }

    /// <summary>The classes, in the order of the scores.</summary>
    public IReadOnlyList<string> Classes => _scoring.Labels;

    /// <summary>Files that travel with the model unread.</summary>
    public IReadOnlyDictionary<string, byte[]> Attachments => _scoring.Attachments;

    /// <inheritdoc/>
    public SchemaContract Contract { get; }

    /// <inheritdoc/>
    public int LookAhead => _options.Input.LookAhead;

    /// <summary>The columns that the scorer needs and produces; an estimator promises them before there is a model.</summary>
    /// <param name="options">The options.</param>
    /// <param name="classes">The classes; what is promised does not depend on their number.</param>
    /// <param name="keyValues">What the classes are called in the data, where that is no text.</param>
    /// <exception cref="ArgumentException">The key values are of a type that cannot be kept.</exception>
    public static SchemaContract ContractOf(Options options, IReadOnlyList<string> classes, Array? keyValues = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(classes);
        return new([.. TextScoring.Required(options.Input), .. ClassColumns.Produced(options.LabelColumn, options.ScoreColumn, classes, keyValues)]);
    }

    /// <inheritdoc/>
    public Func<TextRow> CreateReader(DataViewRow input) => _scoring.CreateReader(input);

    /// <inheritdoc/>
    public void Score(IReadOnlyList<TextRow> rows) => _scoring.Score(rows);

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<TextRow> current)
    {
        if (column == _options.LabelColumn) return (ValueGetter<uint>)((ref uint value) => value = (uint)Best(current().Scores) + 1);
        if (column == _options.ScoreColumn) return VectorGetter.Of(() => Softmax(current().Scores));
        throw Failures.UnknownChoice("produced column", column, Contract.Produced.Select(produced => produced.Name));
    }

    /// <summary>The index of the largest score; the first of equal ones.</summary>
    /// <param name="scores">Raw scores.</param>
    public static int Best(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best]) best = i;
        }
        return best;
    }

    /// <summary>Probabilities exp(sᵢ)/Σ exp(s).</summary>
    /// <param name="scores">Raw scores.</param>
    public static float[] Softmax(ReadOnlySpan<float> scores)
    {
        var highest = (double)scores[Best(scores)];
        var weights = new double[scores.Length];
        for (var i = 0; i < weights.Length; i++) weights[i] = Math.Exp(scores[i] - highest);
        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => (float)(weight / sum));
    }

    /// <inheritdoc/>
    public ModelPackage Pack() => _scoring.Pack(typeof(TextClassificationScorer), _options, _keyValues);

    /// <inheritdoc/>
    public PackageDescription Describe() => _scoring.Describe(typeof(TextClassificationScorer), _options, _keyValues);

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package) => new BatchedTransformer<TextRow>(
        TextScoring.Read<TextClassificationScorer, Options>(package, Id, (tokenizer, model, classes, options, files) =>
            new(tokenizer, model, classes, options with { Device = ComputeDevice.OrAuto(options.Device) }, files, KeyValues.Read(package.Options[KeyValues.Key]))));

    /// <inheritdoc/>
    public void Dispose() => _scoring.Dispose();

    /// <summary>Columns and prediction settings.</summary>
    public sealed record Options
    {
        /// <summary>What is read, and how.</summary>
        [Required] public TextInputOptions Input { get; init; } = new();

        /// <summary>Where to compute: <c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. A model that is loaded where there is no such GPU takes <c>auto</c>.</summary>
        /// <value>The default is <c>auto</c>; a trainer puts its own device here.</value>
        [Required, KnownDevice] public string Device { get; init; } = "auto";

        /// <summary>The output column with the predicted class.</summary>
        /// <value>The default is <c>PredictedLabel</c>.</value>
        [Required] public string LabelColumn { get; init; } = "PredictedLabel";

        /// <summary>The output column with the probabilities.</summary>
        /// <value>The default is <c>Score</c>.</value>
        [Required] public string ScoreColumn { get; init; } = "Score";
    }
}
