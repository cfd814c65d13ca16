using Microsoft.ML;
using MLPipelines.Trainers;

namespace MLPipelines;

/// <summary>The trainers of sentence pairs.</summary>
public sealed class SentencePairTrainers
{
    readonly MLContext context;

    internal SentencePairTrainers(MLContext context) => this.context = context;

    /// <summary>Trains an encoder whose vectors are the more alike the more similar two texts are.</summary>
    /// <param name="options">Columns, encoder and training settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public SentencePairTrainer RoFormer(SentencePairTrainer.Options options) => new(context, options);

    /// <summary>Trains an encoder whose vectors are the more alike the more similar two texts are, with default settings.</summary>
    /// <param name="textColumn">The first text, a text column; also the column of which the model makes its vector.</param>
    /// <param name="secondTextColumn">The second text, a text column.</param>
    /// <param name="scoreColumn">How similar they are, Single.</param>
    /// <returns>The estimator.</returns>
    public SentencePairTrainer RoFormer(string textColumn = "Text", string secondTextColumn = "SecondText", string scoreColumn = "Score") =>
        new(context, new SentencePairTrainer.Options { TextColumn = textColumn, SecondTextColumn = secondTextColumn, ScoreColumn = scoreColumn });
}
