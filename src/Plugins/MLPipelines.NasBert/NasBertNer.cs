using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.TorchSharp;
using MLPipelines.Components;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using MLNetTrainer = Microsoft.ML.TorchSharp.NasBert.NerTrainer;

namespace MLPipelines.NasBert;

/// <summary>ML.NET's own named entity recognition: fine-tunes NAS-BERT to give each word a label. Takes and gives spans, as the span extraction of MLPipelines does.</summary>
/// <remarks>
/// Input columns: text; start and end (vectors of Int32) and label (vector of text) of each gold span. Output columns: <c>PredictedStart</c>, <c>PredictedEnd</c>, <c>PredictedLabel</c>,
/// <c>PredictedText</c> and <c>Score</c> (1 for every span: the trainer gives none), besides the words and tags that ML.NET's recognizer reads and gives. A word is what stands between white space.
/// Source: https://arxiv.org/abs/2105.14444.
/// </remarks>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2105.14444", Summary = "ML.NET's own named entity recognition with NAS-BERT")]
public sealed class NasBertNer : IEstimator<ITransformer>
{
    const string Id = "trainer.nas-bert-ner.v1";
    const string Words = "Words";
    const string Tags = "WordTags";
    const string PredictedTags = "PredictedWordTags";

    readonly MLContext context;
    readonly Options options;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">An <see cref="MLContext"/>.</param>
    /// <param name="options">Columns and training settings.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public NasBertNer(IHostEnvironment environment, Options options) =>
        (this.options, context) = (OptionsValidator.Validate(options, Id), NasBertSettings.Context(environment));

    WordTextScorer Line => new(new() { TextColumn = options.TextColumn, OutputColumn = Words });

    WordTagScorer Gold => new(options, Tags);

    WordSpanScorer Spans => new(new() { TextColumn = options.TextColumn, TagColumn = PredictedTags });

    /// <inheritdoc/>
    public ITransformer Fit(IDataView input)
    {
        // Gold spans become a tag for each word for the training alone; the model needs the text and nothing else.
        var line = new BatchedTransformer<WordRow>(Line);
        var tagged = new BatchedTransformer<WordRow>(Gold).Transform(line.Transform(input));
        tagged = context.Transforms.Conversion.MapValueToKey(Tags).Fit(tagged).Transform(tagged);
        var settings = options.Apply(new MLNetTrainer.NerOptions());
        (settings.Sentence1ColumnName, settings.LabelColumnName, settings.PredictionColumnName) = (Words, Tags, PredictedTags);
        ITransformer recognizer = context.MulticlassClassification.Trainers.NamedEntityRecognition(settings).Fit(tagged);
        ITransformer names = context.Transforms.Conversion.MapKeyToValue(PredictedTags).Fit(recognizer.Transform(tagged));
        return new TransformerChain<ITransformer>(line, recognizer, names, new BatchedTransformer<WordRow>(Spans));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => new SchemaContract(
        [
            .. Gold.Contract.Required, .. Line.Contract.Produced,
            ColumnSpec.Produced(PredictedTags, new VectorDataViewType(TextDataViewType.Instance)), .. Spans.Contract.Produced,
        ]).GetOutputSchema(inputSchema);

    /// <summary>Columns and training settings.</summary>
    public sealed record Options : NasBertSettings
    {
        /// <summary>The column with the first UTF-16 index of each gold span.</summary>
        /// <value>The default is <c>Start</c>.</value>
        [Required] public string StartColumn { get; init; } = "Start";

        /// <summary>The column with the UTF-16 index after the last one of each gold span.</summary>
        /// <value>The default is <c>End</c>.</value>
        [Required] public string EndColumn { get; init; } = "End";
    }
}
