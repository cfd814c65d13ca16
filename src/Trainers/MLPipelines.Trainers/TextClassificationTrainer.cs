using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Classification;
using MLPipelines.Components;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Classification;
using MLPipelines.Trainers.Divergences;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Texts;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers;

/// <summary>Learns which one of several classes a text, or a pair of texts, belongs to.</summary>
/// <remarks>
/// <para>
/// Input columns: the text (text), for pairs a second text, and the class as a key (<c>MapValueToKey</c> makes one). Output columns of the model: <c>PredictedLabel</c>, a key with the
/// same key values, and <c>Score</c>, a vector of Single with one probability for each class; so ML.NET's own <c>Evaluate</c> and <c>CrossValidate</c> apply.
/// </para>
/// <list type="table">
/// <listheader><term>characteristic</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>multiclass classification of text or pairs of texts</description></item>
/// <item><term>Is normalization required?</term><description>no</description></item>
/// <item><term>Is caching required?</term><description>no; the rows are read once</description></item>
/// <item><term>Required NuGet beside Microsoft.ML</term><description>TorchSharp-cpu or a CUDA package of TorchSharp</description></item>
/// <item><term>Exportable to ONNX</term><description>no</description></item>
/// </list>
/// <para>
/// A linear head on the pooled vectors of the encoder gives a score for each class. Training minimises the cross entropy of their softmax, with label smoothing and class weights where
/// asked for. The classes are all key values of the label column, also those that no training row has. The epoch with the best accuracy on the validation data is kept.
/// </para>
/// Sources: https://arxiv.org/abs/1810.04805 (section 3.2); RoFormer, https://arxiv.org/abs/2104.09864.
/// </remarks>
/// <example><code>
/// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
///     .Append(mlContext.MulticlassClassification.Trainers.RoFormer(new() { Epochs = 10, Seed = 1 }));
/// var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(train).Transform(test));
/// </code></example>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/1810.04805", Summary = "Classification of text or pairs of texts")]
public sealed class TextClassificationTrainer : IEstimator<ITransformer>
{
    const string Id = "trainer.text-classification.v1";

    /// <summary>Settings of <see cref="TextClassificationTrainer"/>.</summary>
    public sealed record Options : TextTrainerOptions, IValidatableObject
    {
        /// <summary>The column with the class, a key.</summary>
        /// <value>The default is <c>Label</c>.</value>
        [Required]
        public string LabelColumn { get; init; } = "Label";

        /// <summary>The part of a row's target that is spread evenly over all classes, in [0, 1); 0 = none, 0.1 is usual.</summary>
        /// <value>The default is 0.</value>
        [Range(0.0, 0.999)]
        public double LabelSmoothing { get; init; }

        /// <summary>How much the rows of each class weigh in the loss.</summary>
        /// <value>The default is <see cref="ClassBalance.None"/>: all rows alike.</value>
        [EnumDataType(typeof(ClassBalance))]
        public ClassBalance ClassBalance { get; init; }

        /// <summary>Weights of single classes, written <c>name=weight</c>, above 0; they multiply what <see cref="ClassBalance"/> gives.</summary>
        /// <value>The default is null: none.</value>
        public IReadOnlyList<string>? ClassWeights { get; init; }

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            foreach (var contradiction in Contradictions()) yield return contradiction;
            foreach (var weight in (ClassWeights ?? []).Where(weight => Classification.ClassWeights.Parse(weight) is null))
            {
                yield return new($"The field ClassWeights must hold entries of the form name=weight with a weight above 0, found '{weight}'.", [nameof(ClassWeights)]);
            }
        }
    }

    readonly IHostEnvironment environment;
    readonly Options options;
    readonly TextClassificationScorer.Options scoring;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns, encoder and training settings; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public TextClassificationTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        this.environment = environment;
        this.options = OptionsValidator.Validate(options, Id);
        EncoderSource.Check(options);
        options.CheckSteps(typeof(TextTask), Id);
        scoring = new() { Input = options.Input, Device = options.Device };
    }

    SchemaContract Contract(Array? keyValues = null)
    {
        var scorer = TextClassificationScorer.ContractOf(scoring, [""], keyValues);
        return new([.. scorer.Required, ColumnSpec.Required(options.LabelColumn, "label", new KeyDataViewType(typeof(uint), 1)), .. scorer.Produced]);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Contract(inputSchema.Where(column => column.Name == options.LabelColumn).Select(KeyNames.Promised).FirstOrDefault()).GetOutputSchema(inputSchema);
    }

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with text and class; read once.</param>
    /// <returns>The model. It owns native memory: dispose it when it is no longer needed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="DataFormatException">A row's class is missing or unknown, or there are no rows.</exception>
    /// <exception cref="OperationCanceledException">Fit was cancelled; see <see cref="TrainerOptions.OnCancellation"/>.</exception>
    /// <exception cref="InvalidOperationException">Training diverged, or the device is not there.</exception>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Contract().Check(input.Schema);
        if (options.ValidationData is not null) Contract().Check(options.ValidationData.Schema);
        using var session = new TrainingSession(environment, nameof(TextClassificationTrainer), options);

        var classes = new ClassSet(KeyNames.Of(input.Schema[options.LabelColumn]));
        if (classes.Count < 2) throw TrainerErrors.TooFewClasses(classes.Count);
        if (classes.Twice is { } twice) throw TrainerErrors.ClassTwice(options.LabelColumn, twice);
        var (training, validation) = session.Read(input, data => LabeledTextRow.ReadAll(data, (options.TextColumn, options.SecondTextColumn), [options.LabelColumn], row => classes.CreateReader(row, options.LabelColumn, data == input ? null : "validation data"), session.CancellationToken));
        session.Remember("classes", classes.Names);
        var weights = Classification.ClassWeights.Of(options.ClassBalance, options.ClassWeights, classes, training.Select(row => row.Label));
        var unlabeled = session.ReadUnlabeled(options.SecondTextColumn);
        using var source = session.CreateEncoder([.. LabeledTextRow.Texts(training), .. unlabeled.SelectMany(row => row.Second is null ? [row.Text] : (string[])[row.Text, row.Second])]);

        var model = session.ToDevice(new TextScoringModel(source.TakeEncoder(), new(source.Encoder.HiddenSize, classes.Count, options.Head, session.Generator)));
        try
        {
            var loss = new SoftmaxCrossEntropyLoss(new() { LabelSmoothing = options.LabelSmoothing, ClassWeights = weights });
            var predictor = new TextPredictor(model, source.Tokenizer, scoring.Input);
            var examples = LabeledTextRow.Examples(training, predictor, session.CancellationToken);
            var held = LabeledTextRow.Sequences(validation, predictor);
            var validator = new ClassificationValidation(held, [.. validation.Select(row => row.Label)], classes.Names, predictor);
            int[] targets = [.. training.Select(row => row.Label)];
            var task = new TextTask(
                model, loss, new SoftmaxDivergence(), examples, rows => TextTargets.Classes(rows, targets), source.Tokenizer.PadId, [.. unlabeled.SelectMany(row => predictor.Sequences(row.Text, row.Second))], validator.Run);
            var report = session.Run(task, [.. source.Warnings, .. LabeledTextRow.Warnings(examples, held, predictor)]);
            var scorer = new TextClassificationScorer(source.Tokenizer, model, classes.Names, scoring, session.Record(Id, report), KeyNames.ValuesOf(input.Schema[options.LabelColumn]));
            options.Completed?.Invoke(report);
            return new BatchedTransformer<TextRow>(scorer);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
