using Microsoft.ML;
using MLPipelines.Trainers;

namespace MLPipelines;

/// <summary>The trainers of span extraction.</summary>
public sealed class SpanExtractionTrainers
{
    readonly MLContext context;

    internal SpanExtractionTrainers(MLContext context) => this.context = context;

    /// <summary>Trains a rotary encoder with a GlobalPointer head, which finds overlapping and nested spans of any number of labels.</summary>
    /// <param name="options">Columns, encoder and training settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public GlobalPointerTrainer GlobalPointer(GlobalPointerTrainer.Options options) => new(context, options);

    /// <summary>Trains a rotary encoder with a GlobalPointer head, with default settings.</summary>
    /// <param name="textColumn">The text, a text column.</param>
    /// <param name="startColumn">First UTF-16 index of each span, a vector of Int32.</param>
    /// <param name="endColumn">UTF-16 index after the last one of each span, a vector of Int32.</param>
    /// <param name="labelColumn">Label of each span, a vector of text.</param>
    /// <returns>The estimator.</returns>
    public GlobalPointerTrainer GlobalPointer(string textColumn = "Text", string startColumn = "Start", string endColumn = "End", string labelColumn = "Label") =>
        new(context, new GlobalPointerTrainer.Options { TextColumn = textColumn, StartColumn = startColumn, EndColumn = endColumn, LabelColumn = labelColumn });
}
