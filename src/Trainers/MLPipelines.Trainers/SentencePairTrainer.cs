using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Embeddings;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.SentencePairs;
using MLPipelines.Trainers.Texts;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers;

/// <summary>Learns from scored pairs of texts to make vectors whose cosine says how similar two texts are.</summary>
/// <remarks>
/// <para>
/// Input columns: two texts (text) and a score (Single), the higher the more similar, on any scale. The model is a sentence embedding like that of <c>EmbedWithRoFormer</c>: of the first text column
/// alone it makes <c>Vector</c>, a vector of Single, so it serves search, clustering, whitening and <c>AsEmbeddingGenerator</c>; <c>mlContext.SentencePairs().Evaluate(model, pairs)</c> compares
/// the cosines of pairs with their scores.
/// </para>
/// <list type="table">
/// <listheader><term>characteristic</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>semantic textual similarity, sentence embedding</description></item>
/// <item><term>Is normalization required?</term><description>no</description></item>
/// <item><term>Is caching required?</term><description>no; the rows are read once</description></item>
/// <item><term>Required NuGet beside Microsoft.ML</term><description>TorchSharp-cpu or a CUDA package of TorchSharp</description></item>
/// <item><term>Exportable to ONNX</term><description>no</description></item>
/// </list>
/// <para>
/// Both texts go through the same encoder, separately. Training minimises the CoSENT loss: of any two pairs of a batch, the one with the higher score shall have the higher cosine. So a batch has to be large
/// enough to hold different scores, and where a batch is cut up by <see cref="TrainerOptions.Accumulation"/>, pairs are compared within a part only. Of a text that is longer than
/// <see cref="TrainerOptions.MaximumLength"/>, training reads the first window; the model reads all. The epoch with the best Spearman correlation on the validation data is kept.
/// </para>
/// Sources: Su, CoSENT, https://kexue.fm/archives/8847; Reimers and Gurevych, Sentence-BERT, https://arxiv.org/abs/1908.10084; RoFormer, https://arxiv.org/abs/2104.09864.
/// </remarks>
/// <example><code>
/// var pairs = mlContext.SentencePairs().LoadFromFile("pairs.jsonl");
/// var model = mlContext.SentencePairs().Trainers.RoFormer(new() { Encoder = "my-encoder", LearningRate = 2e-5, Epochs = 5 }).Fit(pairs);
/// var metrics = mlContext.SentencePairs().Evaluate(model, mlContext.SentencePairs().LoadFromFile("test.jsonl"));
/// </code></example>
[PipelineComponent(Id, Source = "https://kexue.fm/archives/8847", Summary = "Sentence vectors learned from scored pairs of texts")]
public sealed class SentencePairTrainer : IEstimator<BatchedTransformer<SentenceRow>>
{
    const string Id = "trainer.sentence-pair.v1";

    /// <summary>Settings of <see cref="SentencePairTrainer"/>.</summary>
    public sealed record Options : TrainerOptions, IValidatableObject
    {
        /// <summary>The column with the second text.</summary>
        /// <value>The default is <c>SecondText</c>.</value>
        [Required]
        public string SecondTextColumn { get; init; } = "SecondText";

        /// <summary>The column with the score, Single: the higher, the more similar. Only the order of scores counts for the CoSENT loss.</summary>
        /// <value>The default is <c>Score</c>.</value>
        [Required]
        public string ScoreColumn { get; init; } = "Score";

        /// <summary>The model's output column with the vector of the text.</summary>
        /// <value>The default is <c>Vector</c>.</value>
        [Required]
        public string VectorColumn { get; init; } = "Vector";

        /// <summary>How the vectors of a text's tokens become one; <see cref="SentencePooling.Pooler"/> cannot be trained.</summary>
        /// <value>The default is <see cref="SentencePooling.LastAverage"/>.</value>
        [EnumDataType(typeof(SentencePooling))]
        public SentencePooling Pooling { get; init; } = SentencePooling.LastAverage;

        /// <summary>Whether the model divides its vectors by their Euclidean length, so that an inner product is a cosine. Training is the same.</summary>
        /// <value>The default is false, as whitening needs it.</value>
        public bool Normalize { get; init; }

        /// <summary>What is minimised, a component of the kind <c>loss</c> that takes the cosines and the scores of a batch of pairs.</summary>
        /// <value>The default is <c>cosent</c>.</value>
        [Required]
        public ComponentReference Loss { get; init; } = "cosent";

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            foreach (var contradiction in Contradictions()) yield return contradiction;
            if (Pooling is SentencePooling.Pooler) yield return new("The field Pooling must be one of Cls, LastAverage, FirstLastAverage and Max: a pooler is not trained with pairs.", [nameof(Pooling)]);
            if (RDrop > 0) yield return new("The field RDrop must be 0: cosines are no probabilities.", [nameof(RDrop)]);
            if (Vat > 0) yield return new("The field Vat must be 0: cosines are no probabilities.", [nameof(Vat)]);
            if (UnlabeledData is not null) yield return new("UnlabeledData are not used here; leave them out.", [nameof(UnlabeledData)]);
            if (HeadRate != 1) yield return new("The field HeadRate must be 1: the model has no head.", [nameof(HeadRate)]);
        }
    }

    readonly IHostEnvironment environment;
    readonly Options options;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Columns, encoder and training settings; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public SentencePairTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        this.environment = environment;
        this.options = OptionsValidator.Validate(options, Id);
        EncoderSource.Check(options);
        options.CheckSteps(typeof(SentencePairTask), Id);
    }

    SchemaContract Contract => new(
        ColumnSpec.Required(options.TextColumn, "text", TextDataViewType.Instance),
        ColumnSpec.Required(options.SecondTextColumn, "second text", TextDataViewType.Instance),
        ColumnSpec.Required(options.ScoreColumn, "score", NumberDataViewType.Single),
        // A promise says "a vector of known size"; which size is known when the encoder is.
        ColumnSpec.Produced(options.VectorColumn, new VectorDataViewType(NumberDataViewType.Single, 1)));

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Contract.GetOutputSchema(inputSchema);

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with two texts and a score; read once.</param>
    /// <returns>The model, a sentence embedding. It owns native memory: dispose it when it is no longer needed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="ArgumentException">The encoder cannot do what the pooling needs.</exception>
    /// <exception cref="DataFormatException">A score is not finite, all scores are equal, or there are no rows.</exception>
    /// <exception cref="OperationCanceledException">Fit was cancelled; see <see cref="TrainerOptions.OnCancellation"/>.</exception>
    /// <exception cref="InvalidOperationException">Training diverged, or the device is not there.</exception>
    public BatchedTransformer<SentenceRow> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Contract.Check(input.Schema);
        if (options.ValidationData is not null) Contract.Check(options.ValidationData.Schema);
        using var session = new TrainingSession(environment, nameof(SentencePairTrainer), options);

        var (training, validation) = session.Read(input, data => LabeledTextRow.ReadAll(data, (options.TextColumn, options.SecondTextColumn), [options.ScoreColumn], ScoreOf, session.CancellationToken));
        Check(training, "training");
        if (validation.Count > 0) Check(validation, options.ValidationData is null ? "set-aside (ValidationFraction)" : "validation");
        using var source = session.CreateEncoder(LabeledTextRow.Texts(training));
        var embedding = new SentenceEmbeddingModel(source.Encoder, options.Pooling);
        source.TakeEncoder();
        var model = session.ToDevice(embedding);
        try
        {
            var settings = new SentenceEmbeddingEstimator.Options
            {
                InputColumn = options.TextColumn, OutputColumn = options.VectorColumn, Pooling = options.Pooling, Normalize = options.Normalize, WindowOverlap = options.WindowOverlap, Device = options.Device,
            };
            // Does not own the model, and computes as the one that is returned.
            var scorer = new SentenceEmbeddingScorer(source.Tokenizer, model, settings);
            var validator = new SentencePairValidation(Windows(validation, source), [.. validation.Select(row => (double)row.Label)], scorer);
            var (windows, shortened) = (Windows(training, source), 0);
            var examples = training.Select((row, i) => new SentencePairExample(First(windows[2 * i]), First(windows[2 * i + 1]), row.Label)).ToList();
            var task = new SentencePairTask(model, options.Loss.Resolve<ILoss>(ComponentRegistry.OfApplication()), examples, source.Tokenizer.PadId, session.Device, validator.Run);
            var report = session.Run(task, [.. source.Warnings, .. Warnings(shortened, 2 * training.Count)]);
            var trained = new SentenceEmbeddingScorer(source.Tokenizer, model, settings, session.Record(Id, report));
            options.Completed?.Invoke(report);
            return new BatchedTransformer<SentenceRow>(trained);

            TextSequence First(IReadOnlyList<TextSequence> all)
            {
                if (all.Count > 1) shortened++;
                return all[0];
            }
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    Func<long, float> ScoreOf(DataViewRow row)
    {
        var get = row.GetGetter<float>(row.Schema[options.ScoreColumn]);
        float score = 0;
        return number =>
        {
            get(ref score);
            return float.IsFinite(score) ? score : throw TrainerErrors.Row("the score is missing or not finite", number, $"a number in the column '{options.ScoreColumn}'", TrainerErrors.Invariant($"{score}"));
        };
    }

    static void Check(List<LabeledTextRow<float>> rows, string what)
    {
        if (rows.TrueForAll(row => row.Label == rows[0].Label)) throw TrainerErrors.EqualScores(what, rows.Count, rows[0].Label);
    }

    IReadOnlyList<IReadOnlyList<TextSequence>> Windows(List<LabeledTextRow<float>> rows, EncoderSource source) =>
        [.. LabeledTextRow.Texts(rows).Select(text => TextSequences.Of(source.Tokenizer.Tokenize(text), source.Tokenizer, source.Encoder.MaximumLength, options.WindowOverlap))];

    IEnumerable<string> Warnings(int shortened, int texts)
    {
        if (shortened == 0) yield break;
        yield return TrainerErrors.Invariant($"{shortened} of {texts} training texts are longer than {options.MaximumLength} tokens; only their first window is learned from. Raise MaximumLength to use all of them.");
    }
}
