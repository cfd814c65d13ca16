using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Tokenizers;

namespace MLPipelines.Classification;

/// <summary>Says which of many labels apply to a text, or to a pair of texts: any number of them, each with a probability.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>in: Text, and a second text column for pairs</term><description>text</description></item>
/// <item><term>out: Score</term><description>vector of Single, one slot for each label, slot names: raw scores s</description></item>
/// <item><term>out: Probability</term><description>vector of Single, likewise: σ(2s) for a model trained with the ZLPR loss, whose optimum for a soft label t is t = σ(2s)</description></item>
/// <item><term>out: Predicted</term><description>vector of Boolean, likewise: whether the score is above the label's threshold</description></item>
/// <item><term>out: PredictedLabel</term><description>vector of text: the predicted labels, the highest score first; empty where none applies</description></item>
/// </list>
/// A text longer than the encoder accepts is read in overlapping windows whose raw scores are averaged.
/// Sources: https://arxiv.org/abs/2208.02955, https://kexue.fm/archives/9064.
/// </remarks>
[PipelineComponent("transform.multi-label.v1", Source = "https://arxiv.org/abs/2208.02955", Summary = "Assigns any number of labels to a text, with probabilities")]
public sealed class MultiLabelScorer : IBatchScorer<TextRow>, IPackageLoader
{
    const string Id = "transform.multi-label.v1";

    readonly TextScoring _scoring;
    readonly Options _options;

    /// <summary>Joins a tokenizer and a trained model.</summary>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <param name="model">The model; owned from now on, moved to the device of the options and switched to eval mode.</param>
    /// <param name="labels">The labels, in the order of the model's head.</param>
    /// <param name="options">Columns and prediction settings; null stands for the defaults.</param>
    /// <param name="attachments">Files that travel with the model unread, for example how it was trained; not named <c>vocab.txt</c>.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, a label is there twice, or options are out of range.</exception>
    /// <exception cref="InvalidOperationException">The device is not there.</exception>
    public MultiLabelScorer(
        ITextTokenizer tokenizer, TextScoringModel model, IReadOnlyList<string> labels, Options? options = null, IReadOnlyDictionary<string, byte[]>? attachments = null)
    {
        _options = OptionsValidator.Validate(options ?? new(), Id);
        _scoring = new(tokenizer, model, labels, _options.Input, _options.Device, attachments);
        if (_options.Thresholds.Count > 0 && _options.Thresholds.Count != Labels.Count)
            throw Failures.PartsDoNotFit("the thresholds do not fit the labels", Labels.Count, _options.Thresholds.Count);
        Contract = ContractOf(_options, Labels);
    }

    /// <summary>The labels, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _scoring.Labels;

    /// <summary>Files that travel with the model unread.</summary>
    public IReadOnlyDictionary<string, byte[]> Attachments => _scoring.Attachments;

    /// <inheritdoc/>
    public SchemaContract Contract { get; }

    /// <inheritdoc/>
    public int LookAhead => _options.Input.LookAhead;

    /// <summary>The columns that the scorer needs and produces; an estimator promises them before there is a model.</summary>
    /// <param name="options">The options.</param>
    /// <param name="labels">The labels; what is promised does not depend on their number.</param>
    public static SchemaContract ContractOf(Options options, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(labels);
        var names = LabelAnnotations.SlotNames(labels);
        return new(
        [
            .. TextScoring.Required(options.Input),
            ColumnSpec.Produced(options.ScoreColumn, new VectorDataViewType(NumberDataViewType.Single, labels.Count), names),
            ColumnSpec.Produced(options.ProbabilityColumn, new VectorDataViewType(NumberDataViewType.Single, labels.Count), names),
            ColumnSpec.Produced(options.PredictedColumn, new VectorDataViewType(BooleanDataViewType.Instance, labels.Count), names),
            ColumnSpec.Produced(options.LabelColumn, new VectorDataViewType(TextDataViewType.Instance)),
        ]);
    }

    /// <inheritdoc/>
    public Func<TextRow> CreateReader(DataViewRow input) => _scoring.CreateReader(input);

    /// <inheritdoc/>
    public void Score(IReadOnlyList<TextRow> rows) => _scoring.Score(rows);

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<TextRow> current)
    {
        if (column == _options.ScoreColumn) return VectorGetter.Of(() => current().Scores);
        if (column == _options.ProbabilityColumn) return VectorGetter.Of(() => Array.ConvertAll(current().Scores, score => Probability(score, _options.ProbabilityScale)));
        if (column == _options.PredictedColumn) return VectorGetter.Of(() => ArePredicted(current()));
        if (column == _options.LabelColumn) return VectorGetter.Of(() => Predicted(current()));
        throw Failures.UnknownChoice("produced column", column, Contract.Produced.Select(produced => produced.Name));
    }

    /// <summary>σ(c·s), the probability that a label with score s applies.</summary>
    /// <param name="score">The raw score s.</param>
    /// <param name="scale">The factor c: 2 for the ZLPR loss, 1 for sigmoid cross entropy.</param>
    public static float Probability(float score, double scale) => (float)(1 / (1 + Math.Exp(-scale * score)));

    bool IsPredicted(TextRow row, int label) => row.Scores[label] > (_options.Thresholds.Count == 0 ? 0 : _options.Thresholds[label]);

    bool[] ArePredicted(TextRow row) => [.. Enumerable.Range(0, row.Scores.Length).Select(i => IsPredicted(row, i))];

    ReadOnlyMemory<char>[] Predicted(TextRow row) =>
        [.. Enumerable.Range(0, Labels.Count).Where(i => IsPredicted(row, i)).OrderByDescending(i => row.Scores[i]).Select(i => Labels[i].AsMemory())];

    /// <inheritdoc/>
    public ModelPackage Pack() => _scoring.Pack(typeof(MultiLabelScorer), _options);

    /// <inheritdoc/>
    public PackageDescription Describe() => _scoring.Describe(typeof(MultiLabelScorer), _options);

    /// <inheritdoc/>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package) => new BatchedTransformer<TextRow>(
        TextScoring.Read<MultiLabelScorer, Options>(package, Id, (tokenizer, model, labels, options, files) => new(tokenizer, model, labels, options with { Device = ComputeDevice.OrAuto(options.Device) }, files)));

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

        /// <summary>The output column with the raw scores.</summary>
        /// <value>The default is <c>Score</c>.</value>
        [Required] public string ScoreColumn { get; init; } = "Score";

        /// <summary>The output column with the probabilities.</summary>
        /// <value>The default is <c>Probability</c>.</value>
        [Required] public string ProbabilityColumn { get; init; } = "Probability";

        /// <summary>The output column that says for each label whether it is predicted.</summary>
        /// <value>The default is <c>Predicted</c>.</value>
        [Required] public string PredictedColumn { get; init; } = "Predicted";

        /// <summary>The output column with the predicted labels.</summary>
        /// <value>The default is <c>PredictedLabel</c>.</value>
        [Required] public string LabelColumn { get; init; } = "PredictedLabel";

        /// <summary>The score above which each label is predicted, in the order of the labels; empty stands for 0 everywhere, the threshold of the ZLPR loss.</summary>
        /// <value>The default is empty.</value>
        [Required] public IReadOnlyList<double> Thresholds { get; init; } = [];

        /// <summary>The factor c in the probability σ(c·s): 2 belongs to the ZLPR loss, 1 to sigmoid cross entropy.</summary>
        /// <value>The default is 2.</value>
        [Range(0.0, 100.0, MinimumIsExclusive = true)] public double ProbabilityScale { get; init; } = 2;
    }
}
