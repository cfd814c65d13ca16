using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Interop;
using MLPipelines.Schema;
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
/// is predicted. Training minimises the ZLPR loss over all pairs with AdamW. A gold span that does not begin and end where tokens do cannot be predicted: it is counted,
/// reported in <see cref="TrainingReport.Warnings"/> and in the context's log, and counts as missed in validation.
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

        /// <summary>The width of a query or key of the head, even.</summary>
        /// <value>The default is 64.</value>
        [Range(2, 4096)]
        public int HeadSize { get; init; } = 64;

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (HeadSize % 2 != 0) yield return new($"The field HeadSize must be even, found {HeadSize}.", [nameof(HeadSize)]);
            if (2 * WindowOverlap >= MaximumLength) yield return new($"The field WindowOverlap must be less than half of MaximumLength ({MaximumLength}), found {WindowOverlap}.", [nameof(WindowOverlap)]);
            if (VocabularyPath is not null && Vocabulary is not null) yield return new("Give one of VocabularyPath and Vocabulary, or neither to build one from the training texts.", [nameof(Vocabulary)]);
        }
    }

    readonly IHostEnvironment environment;
    readonly Options options;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns, encoder and training settings; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public GlobalPointerTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        this.environment = environment;
        this.options = OptionsValidator.Validate(options, Id);
        OptionsValidator.Validate(options.Encoder(vocabularySize: 1), Id);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => throw new InvalidOperationException();

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with text and gold spans; read once.</param>
    /// <returns>The model, which owns native memory: dispose it when it is no longer needed.</returns>
    public ITransformer Fit(IDataView input) => throw new InvalidOperationException();
}
