using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Classification;
using MLPipelines.Components;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Divergences;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.MultiLabel;
using MLPipelines.Trainers.Texts;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers;

/// <summary>Learns which of many labels apply to a text, from certain labels or from labels with probabilities.</summary>
/// <remarks>
/// <para>
/// Input columns: the text (text), for pairs a second text, and the labels in one of three forms: a vector of text (the labels that apply), a vector of keys, or a vector of Single
/// with one probability in [0, 1] for each label (its slot names are the labels). For the first two forms a column of equally long vectors of Single may say how far each label applies.
/// Output columns of the model: <c>Score</c>, <c>Probability</c>, <c>Predicted</c> (one slot for each label, with slot names) and <c>PredictedLabel</c> (vector of text).
/// </para>
/// <list type="table">
/// <listheader><term>characteristic</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>multi-label classification of text or pairs of texts</description></item>
/// <item><term>Is normalization required?</term><description>no</description></item>
/// <item><term>Is caching required?</term><description>no; the rows are read once</description></item>
/// <item><term>Required NuGet beside Microsoft.ML</term><description>TorchSharp-cpu or a CUDA package of TorchSharp</description></item>
/// <item><term>Exportable to ONNX</term><description>no</description></item>
/// </list>
/// <para>
/// A head on the pooled vectors of the encoder gives a score s for each label. Training minimises the soft ZLPR loss, whose optimum for a label of probability t is t = σ(2s);
/// a label is predicted above score 0, or above thresholds tuned on the validation data. The epoch with the best micro-averaged F1 is kept.
/// </para>
/// Sources: ZLPR, https://arxiv.org/abs/2208.02955; soft labels, https://kexue.fm/archives/9064; RoFormer, https://arxiv.org/abs/2104.09864.
/// </remarks>
/// <example><code>
/// var data = mlContext.MultiLabel().LoadFromFile("train.jsonl");
/// var model = mlContext.MultiLabel().Trainers.RoFormer(new() { Epochs = 5, Seed = 1 }).Fit(data);
/// </code></example>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2208.02955", Summary = "Multi-label classification of text with certain or soft labels")]
public sealed class MultiLabelTrainer : IEstimator<ITransformer>
{
    const string Id = "trainer.multi-label.v1";

    /// <summary>Settings of <see cref="MultiLabelTrainer"/>.</summary>
    public sealed record Options : TextTrainerOptions, IValidatableObject
    {
        /// <summary>The column with the labels.</summary>
        /// <value>The default is <c>Label</c>.</value>
        [Required]
        public string LabelColumn { get; init; } = "Label";

        /// <summary>For labels as text or keys: the column that says how far each label of a row applies, in [0, 1]; null = all apply for certain.</summary>
        /// <value>The default is null.</value>
        public string? LabelProbabilityColumn { get; init; }

        /// <summary>What is minimised, a component of the kind <c>loss</c> that takes dense targets: <c>zlpr-soft</c>, or <c>sigmoid-cross-entropy</c> for comparison.</summary>
        /// <value>The default is <c>zlpr-soft</c>.</value>
        [Required]
        public ComponentReference Loss { get; init; } = "zlpr-soft";

        /// <summary>
        /// The factor c in the reported probability σ(c·s): 2 belongs to the ZLPR loss, 1 to sigmoid cross entropy; null takes the one of the loss. With ZLPR, 2 is exact where labels carry
        /// their probability; where they are certain in each row but vary from row to row, σ(2s) is too sure of itself and 1 is closer.
        /// </summary>
        /// <value>The default is null.</value>
        [Range(0.0, 100.0, MinimumIsExclusive = true)]
        public double? ProbabilityScale { get; init; }

        /// <summary>Above which score a label is predicted: 0, or what is best for the validation data, for all labels together or for each.</summary>
        /// <value>The default is <see cref="ThresholdTuning.Zero"/>.</value>
        [EnumDataType(typeof(ThresholdTuning))]
        public ThresholdTuning Thresholds { get; init; }

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Contradictions();
    }

    readonly IHostEnvironment environment;
    readonly Options options;
    readonly LabelColumn labelColumn;
    readonly ILoss loss;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns, encoder and training settings; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public MultiLabelTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        this.environment = environment;
        this.options = OptionsValidator.Validate(options, Id);
        EncoderSource.Check(options);
        options.CheckSteps(typeof(TextTask), Id);
        loss = options.Loss.Resolve<ILoss>(ComponentRegistry.OfApplication());
        if (loss.Targets is not (LossTargets.Probabilities or LossTargets.Certain)) throw TrainerErrors.LossNotForLabels(loss);
        if (loss.Targets == LossTargets.Certain && options.CreateSteps(ComponentRegistry.OfApplication()).Any(step => step.NeededTask == typeof(IMixableTask))) throw TrainerErrors.LossNotForMixtures(loss);
        labelColumn = new(options.LabelColumn, options.LabelProbabilityColumn);
    }

    SchemaContract Contract => new([.. MultiLabelScorer.ContractOf(Scoring(1), [""]).Required, .. labelColumn.Required("label"), .. MultiLabelScorer.ContractOf(Scoring(1), [""]).Produced]);

    MultiLabelScorer.Options Scoring(double scale) => new() { Input = options.Input, Device = options.Device, ProbabilityScale = scale };

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Contract.GetOutputSchema(inputSchema);

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with text and labels; read once.</param>
    /// <returns>The model. It owns native memory: dispose it when it is no longer needed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="DataFormatException">A label is missing, unknown or out of range, or there are no rows or no labels at all.</exception>
    /// <exception cref="OperationCanceledException">Fit was cancelled; see <see cref="TrainerOptions.OnCancellation"/>.</exception>
    /// <exception cref="InvalidOperationException">Training diverged, or the device is not there.</exception>
    /// <exception cref="ArgumentException">Thresholds are to be tuned, and there are no validation data.</exception>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Contract.Check(input.Schema);
        if (options.ValidationData is not null) Contract.Check(options.ValidationData.Schema);
        using var session = new TrainingSession(environment, nameof(MultiLabelTrainer), options);

        var (training, validation) = session.Read(input, data => LabeledTextRow.ReadAll(data, (options.TextColumn, options.SecondTextColumn), labelColumn.Columns, labelColumn.CreateReader, session.CancellationToken));
        if (options.Thresholds != ThresholdTuning.Zero && validation.Count == 0) throw TrainerErrors.NothingToTuneOn();
        var labels = labelColumn.Known(input.Schema) is { } known ? new LabelSet(known) : LabelSet.OfRows((options.ValidationData is null ? training.Concat(validation) : training).Select(row => row.Label));
        if (labels.Count == 0) throw TrainerErrors.NoLabels(training.Count);
        session.Remember("labels", labels.Names);
        if (loss.Targets == LossTargets.Certain) CheckCertain(training);
        var targets = training.Select(row => labels.Places(row.Label, row.Number)).ToList();
        var unlabeled = session.ReadUnlabeled(options.SecondTextColumn);
        using var source = session.CreateEncoder([.. LabeledTextRow.Texts(training), .. unlabeled.SelectMany(row => row.Second is null ? [row.Text] : (string[])[row.Text, row.Second])]);

        var model = session.ToDevice(new TextScoringModel(source.TakeEncoder(), new(source.Encoder.HiddenSize, labels.Count, options.Head, session.Generator)));
        try
        {
            var scoring = Scoring(options.ProbabilityScale ?? (loss as IProbabilisticLoss)?.ProbabilityScale ?? 2);
            var predictor = new TextPredictor(model, source.Tokenizer, options.Input);
            var held = LabeledTextRow.Sequences(validation, predictor);
            var validator = new MultiLabelValidation(held, [.. validation.Select(row => labels.Places(row.Label, row.Number, "validation data"))], labels, predictor, options.Thresholds, scoring.ProbabilityScale);
            var examples = LabeledTextRow.Examples(training, predictor, session.CancellationToken);
            var task = new TextTask(model, loss, new SigmoidDivergence(), examples, rows => TextTargets.Dense(rows.Select(row => labels.Dense(targets[row])), labels.Count), source.Tokenizer.PadId, [.. unlabeled.SelectMany(row => predictor.Sequences(row.Text, row.Second))], validator.Run);
            var report = session.Run(task, [.. source.Warnings, .. LabeledTextRow.Warnings(examples, held, predictor)]);
            scoring = scoring with { Thresholds = validator.TuneThresholds(session.AfterTraining) };
            var scorer = new MultiLabelScorer(source.Tokenizer, model, labels.Names, scoring, session.Record(Id, report));
            options.Completed?.Invoke(report);
            return new BatchedTransformer<TextRow>(scorer);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    static void CheckCertain(IEnumerable<LabeledTextRow<IReadOnlyList<GivenLabel>>> rows)
    {
        var uncertain = rows.SelectMany(row => row.Label.Select(label => (row.Number, Label: label))).FirstOrDefault(given => given.Label.Probability is > 0 and < 1);
        if (uncertain.Number == 0) return;
        throw TrainerErrors.Row(
            $"the label '{uncertain.Label.Name}' applies in part", uncertain.Number, "0 or 1, or a loss that takes probabilities, such as 'zlpr-soft'", TrainerErrors.Invariant($"{uncertain.Label.Probability}"));
    }
}
