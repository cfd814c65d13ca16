using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TorchSharp;
using MLPipelines.Components;
using MLNetTrainer = Microsoft.ML.TorchSharp.NasBert.TextClassificationTrainer;

namespace MLPipelines.NasBert;

/// <summary>ML.NET's own text classification: fine-tunes NAS-BERT.</summary>
/// <remarks>
/// Input columns: text, for pairs a second text, and a label of key type. Output columns: <c>PredictedLabel</c> (key) and <c>Score</c> (vector of Single).
/// Source: https://arxiv.org/abs/2105.14444.
/// </remarks>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2105.14444", Summary = "ML.NET's own text classification with NAS-BERT")]
public sealed class NasBertClassification : IEstimator<ITransformer>
{
    const string Id = "trainer.nas-bert-classification.v1";

    readonly MLNetTrainer trainer;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">An <see cref="MLContext"/>.</param>
    /// <param name="options">Columns and training settings.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public NasBertClassification(IHostEnvironment environment, Options options)
    {
        var settings = OptionsValidator.Validate(options, Id).Apply(new MLNetTrainer.TextClassificationOptions());
        settings.Sentence2ColumnName = options.SecondTextColumn;
        trainer = NasBertSettings.Context(environment).MulticlassClassification.Trainers.TextClassification(settings);
    }

    /// <inheritdoc/>
    public ITransformer Fit(IDataView input) => trainer.Fit(input);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);

    /// <summary>Columns and training settings.</summary>
    public sealed record Options : NasBertSettings
    {
        /// <summary>The column with the second text of a pair; null for single texts.</summary>
        /// <value>The default is null.</value>
        public string? SecondTextColumn { get; init; }
    }
}
