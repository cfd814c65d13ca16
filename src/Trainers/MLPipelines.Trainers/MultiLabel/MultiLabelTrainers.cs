using Microsoft.ML;
using MLPipelines.Trainers;

namespace MLPipelines;

/// <summary>The trainers of multi-label classification.</summary>
public sealed class MultiLabelTrainers
{
    readonly MLContext context;

    internal MultiLabelTrainers(MLContext context) => this.context = context;

    /// <summary>Trains an encoder with a head that scores each label, with certain or soft labels.</summary>
    /// <param name="options">Columns, encoder and training settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public MultiLabelTrainer RoFormer(MultiLabelTrainer.Options options) => new(context, options);

    /// <summary>Trains an encoder with a head that scores each label, with default settings.</summary>
    /// <param name="textColumn">The text, a text column.</param>
    /// <param name="labelColumn">The labels: a vector of text, a vector of keys, or a vector of Single with one probability for each label.</param>
    /// <param name="labelProbabilityColumn">For labels as text or keys: how far each applies, a vector of Single; null = all for certain.</param>
    /// <returns>The estimator.</returns>
    public MultiLabelTrainer RoFormer(string textColumn = "Text", string labelColumn = "Label", string? labelProbabilityColumn = null) =>
        new(context, new MultiLabelTrainer.Options { TextColumn = textColumn, LabelColumn = labelColumn, LabelProbabilityColumn = labelProbabilityColumn });
}
