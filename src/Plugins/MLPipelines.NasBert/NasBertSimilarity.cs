using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TorchSharp;
using MLPipelines.Components;
using MLNetTrainer = Microsoft.ML.TorchSharp.NasBert.SentenceSimilarityTrainer;

namespace MLPipelines.NasBert;

/// <summary>ML.NET's own sentence similarity: fine-tunes NAS-BERT to give a number for two texts.</summary>
/// <remarks>
/// Input columns: two texts and a label (Single). Output column: <c>Score</c> (Single).
/// Source: https://arxiv.org/abs/2105.14444.
/// </remarks>
[PipelineComponent(Id, Source = "https://arxiv.org/abs/2105.14444", Summary = "ML.NET's own sentence similarity with NAS-BERT")]
public sealed class NasBertSimilarity : IEstimator<ITransformer>
{
    const string Id = "trainer.nas-bert-similarity.v1";

    readonly MLNetTrainer trainer;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">An <see cref="MLContext"/>.</param>
    /// <param name="options">Columns and training settings.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public NasBertSimilarity(IHostEnvironment environment, Options options)
    {
        var settings = OptionsValidator.Validate(options, Id).Apply(new MLNetTrainer.SentenceSimilarityOptions());
        settings.Sentence2ColumnName = options.SecondTextColumn;
        trainer = NasBertSettings.Context(environment).Regression.Trainers.SentenceSimilarity(settings);
    }

    /// <inheritdoc/>
    public ITransformer Fit(IDataView input) => trainer.Fit(input);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);

    /// <summary>Columns and training settings.</summary>
    public sealed record Options : NasBertSettings
    {
        /// <summary>The column with the second text.</summary>
        /// <value>The default is <c>SecondText</c>.</value>
        [Required] public string SecondTextColumn { get; init; } = "SecondText";
    }
}
