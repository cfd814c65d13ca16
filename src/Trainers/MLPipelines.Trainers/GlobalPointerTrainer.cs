using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Layers;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Spans;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.SpanExtraction;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers;

/// <summary>Finds labelled spans in text, such as names, places or slot values: a rotary encoder with a GlobalPointer head.</summary>
/// <remarks>
/// <para>
/// Input columns: the text (text); start and end (vectors of Int32, UTF-16 indices, end exclusive) and label (vector of text), with one element for each gold span.
/// Spans may overlap and nest. Output columns of the model: <c>PredictedStart</c>, <c>PredictedEnd</c> (vectors of Int32), <c>PredictedLabel</c>, <c>PredictedText</c>
/// (vectors of text) and <c>Score</c> (vector of Single).
/// </para>
/// <list type="table">
/// <listheader><term>characteristic</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>span extraction, named entity recognition, slot filling</description></item>
/// <item><term>Is normalization required?</term><description>no</description></item>
/// <item><term>Is caching required?</term><description>no; the rows are read once</description></item>
/// <item><term>Required NuGet beside Microsoft.ML</term><description>TorchSharp-cpu or a CUDA package of TorchSharp</description></item>
/// <item><term>Exportable to ONNX</term><description>no</description></item>
/// </list>
/// <para>
/// Every pair of a first and a last token has a score for each label, the rotary inner product of two projections of the encoder's output, and every pair with a score above 0
/// is predicted. Where no two training spans overlap, of overlapping predictions only the best-scoring one is (<see cref="Options.OverlappingSpans"/>). Training minimises the
/// ZLPR loss over all pairs. A gold span that does not begin and end where tokens do cannot be predicted: it is counted, reported in
/// <see cref="TrainingReport.Warnings"/> and in the context's log, and counts as missed in validation.
/// </para>
/// Sources: Su et al., Global Pointer, https://arxiv.org/abs/2208.03054; RoFormer, https://arxiv.org/abs/2104.09864; ZLPR, https://arxiv.org/abs/2208.02955.
/// </remarks>
/// <example><code>
/// var data = mlContext.SpanExtraction().LoadFromJsonLines("train.jsonl");
/// var model = mlContext.SpanExtraction().Trainers.GlobalPointer(new() { Epochs = 15, Seed = 1 }).Fit(data);
/// </code></example>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2208.03054", Summary = "Span extraction with a RoFormer encoder and a GlobalPointer head")]
public sealed class GlobalPointerTrainer : IEstimator<ITransformer>
{
    const string Id = "trainer.global-pointer.v1";

    /// <summary>Settings of <see cref="GlobalPointerTrainer"/>.</summary>
    public sealed record Options : TrainerOptions, IValidatableObject
    {
        /// <summary>The column with the first UTF-16 index of each gold span.</summary>
        /// <value>The default is <c>Start</c>.</value>
        [Required]
        public string StartColumn { get; init; } = "Start";

        /// <summary>The column with the UTF-16 index after the last one of each gold span.</summary>
        /// <value>The default is <c>End</c>.</value>
        [Required]
        public string EndColumn { get; init; } = "End";

        /// <summary>The column with the label of each gold span.</summary>
        /// <value>The default is <c>Label</c>.</value>
        [Required]
        public string LabelColumn { get; init; } = "Label";

        /// <summary>How pairs of tokens are scored, a component of the kind <c>head</c>: <c>global-pointer</c>, or <c>efficient-global-pointer</c> for many labels, each of which then costs few parameters.</summary>
        /// <value>The default is <c>global-pointer</c>.</value>
        [Required]
        public ComponentReference Head { get; init; } = "global-pointer";

        /// <summary>The width of a query or key of the head, even.</summary>
        /// <value>The default is 64.</value>
        [Range(2, 4096), Even]
        public int HeadSize { get; init; } = 64;

        /// <summary>What becomes of predicted spans that share characters: <c>Keep</c> returns all, <c>BestOnly</c> the best-scoring one, <c>FromData</c> does as the training data, in which spans overlap somewhere or nowhere.</summary>
        /// <value>The default is <see cref="OverlapPolicy.FromData"/>.</value>
        [EnumDataType(typeof(OverlapPolicy))]
        public OverlapPolicy OverlappingSpans { get; init; }

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Contradictions();
    }

    readonly IHostEnvironment environment;
    readonly Options options;
    readonly SpanColumns columns;
    readonly SpanExtractionScorer.Options scoring;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns, encoder and training settings; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public GlobalPointerTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        this.environment = environment;
        this.options = OptionsValidator.Validate(options, Id);
        EncoderSource.Check(options);
        options.CheckSteps(typeof(SpanExtractionTask), Id);
        _ = HeadOptions;
        columns = new SpanColumns(options.StartColumn, options.EndColumn, options.LabelColumn);
        scoring = new SpanExtractionScorer.Options { TextColumn = options.TextColumn, Device = options.Device, Prediction = new() { Overlap = options.WindowOverlap } };
    }

    SchemaContract Contract => new(
    [
        ColumnSpec.Required(options.TextColumn, "text", TextDataViewType.Instance), .. columns.Required("gold"), .. SpanExtractionScorer.ContractOf(scoring).Produced,
    ]);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Contract.GetOutputSchema(inputSchema);

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with text and gold spans; read once.</param>
    /// <returns>The model. It owns native memory: dispose it when it is no longer needed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="DataFormatException">A row contradicts itself, or there are no rows or no spans at all.</exception>
    /// <exception cref="OperationCanceledException">Fit was cancelled; see <see cref="TrainerOptions.OnCancellation"/>.</exception>
    /// <exception cref="InvalidOperationException">Training diverged, no gold span matches tokens, or the device is not there.</exception>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Contract.Check(input.Schema);
        if (options.ValidationData is not null) Contract.Check(options.ValidationData.Schema);
        using var session = new TrainingSession(environment, nameof(GlobalPointerTrainer), options);

        var (training, validation) = session.Read(input, data => GoldRow.ReadAll(data, options.TextColumn, columns, session.CancellationToken));
        var labels = training.SelectMany(row => row.Spans).Select(span => span.Label).Distinct().Order(StringComparer.Ordinal).ToList();
        if (labels.Count == 0) throw TrainerErrors.NoEntities(training.Count);
        var unlabeled = session.ReadUnlabeled();
        using var source = session.CreateEncoder([.. training.Select(row => row.Text), .. unlabeled.Select(row => row.Text)]);
        var examples = SpanExamples.Create(training, source.Tokenizer, labels, source.Encoder.MaximumLength, options.WindowOverlap, session.CancellationToken);
        if (examples.Misaligned == examples.Spans) throw TrainerErrors.NothingAligned(examples.Spans);

        var head = HeadOptions.Create(source.Encoder.HiddenSize, labels.Count, source.Encoder.MaximumLength, session.Generator);
        var model = session.ToDevice(new SpanExtractionModel(source.TakeEncoder(), head));
        try
        {
            var keepOverlapping = KeepOverlapping(training);
            var scoring = this.scoring with { Prediction = this.scoring.Prediction with { KeepOverlapping = keepOverlapping } };
            var predictor = new SpanPredictor(model, source.Tokenizer, labels, scoring.Prediction);
            var sequences = unlabeled.SelectMany(row => TextSequences.Of(source.Tokenizer.Tokenize(row.Text), source.Tokenizer, source.Encoder.MaximumLength, options.WindowOverlap)).ToList();
            var task = new SpanExtractionTask(model, new SparseZlprLoss(), examples.Examples, source.Tokenizer, labels.Count, session.Device, sequences, SpanValidation.Create(validation, source.Tokenizer, predictor));
            var report = session.Run(task, [.. source.Warnings, .. examples.Warnings(), .. Warnings(keepOverlapping, validation)]);
            var scorer = new SpanExtractionScorer(source.Tokenizer, model, labels, scoring, session.Record(Id, report));
            options.Completed?.Invoke(report);
            return new BatchedTransformer<SpanRow>(scorer);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    IEnumerable<string> Warnings(bool keepOverlapping, List<GoldRow> validation)
    {
        var overlapping = keepOverlapping ? 0 : validation.Count(row => row.HasOverlaps);
        if (overlapping == 0) yield break;
        yield return TrainerErrors.Invariant($"{overlapping} of {validation.Count} validation texts have spans that overlap, and the model gives only the best of overlapping spans{(options.OverlappingSpans == OverlapPolicy.FromData ? ", since no training spans overlap" : "")}; OverlappingSpans decides.");
    }

    bool KeepOverlapping(IEnumerable<GoldRow> training) => options.OverlappingSpans switch
    {
        OverlapPolicy.Keep => true,
        OverlapPolicy.BestOnly => false,
        _ => training.Any(row => row.HasOverlaps),
    };

    /// <summary>The head's options: those that the reference gives, and <see cref="Options.HeadSize"/> where it does not say otherwise.</summary>
    ISpanHeadOptions HeadOptions
    {
        get
        {
            var component = options.Head.Find<ISpanHead>(ComponentRegistry.OfApplication());
            var json = options.Head.OptionsWith(component, nameof(Options.HeadSize), options.HeadSize);
            return component.OptionsType is { } type && OptionsJson.Read(type, JsonSerializer.SerializeToElement(json), component.Id) is ISpanHeadOptions head
                ? head
                : throw TrainerErrors.NotASpanHead(component.Id);
        }
    }
}
