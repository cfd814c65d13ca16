using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Interop;
using MLPipelines.Schema;
using MLPipelines.Trainers;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.SpanExtraction;

namespace MLPipelines;

/// <summary>Everything for finding labelled spans in text: training, evaluation, data files. Made by <see cref="MLContextExtensions.SpanExtraction"/>.</summary>
public sealed class SpanExtractionCatalog
{
    readonly MLContext context;

    internal SpanExtractionCatalog(MLContext context)
    {
        this.context = context;
        Trainers = new SpanExtractionTrainers(context);
    }

    /// <summary>The trainers.</summary>
    public SpanExtractionTrainers Trainers { get; }

    /// <summary>Compares predicted with gold spans, strictly: start, end and label must all agree.</summary>
    /// <param name="data">Scored data with gold spans, for example <c>model.Transform(test)</c>.</param>
    /// <param name="startColumn">Gold starts, a vector of Int32.</param>
    /// <param name="endColumn">Gold ends, exclusive, a vector of Int32.</param>
    /// <param name="labelColumn">Gold labels, a vector of text.</param>
    /// <param name="predictedStartColumn">Predicted starts.</param>
    /// <param name="predictedEndColumn">Predicted ends.</param>
    /// <param name="predictedLabelColumn">Predicted labels.</param>
    /// <returns>Micro-averaged and per-label metrics.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="DataFormatException">The vectors of a row differ in length.</exception>
    public SpanExtractionMetrics Evaluate(
        IDataView data, string startColumn = "Start", string endColumn = "End", string labelColumn = "Label",
        string predictedStartColumn = "PredictedStart", string predictedEndColumn = "PredictedEnd", string predictedLabelColumn = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        var gold = new SpanColumns(startColumn, endColumn, labelColumn);
        var predicted = new SpanColumns(predictedStartColumn, predictedEndColumn, predictedLabelColumn);
        new SchemaContract([.. gold.Required("gold"), .. predicted.Required("predicted")]).Check(data.Schema);

        string[] names = [startColumn, endColumn, labelColumn, predictedStartColumn, predictedEndColumn, predictedLabelColumn];
        using var cursor = data.GetRowCursor(data.Schema.Where(column => !column.IsHidden && names.Contains(column.Name)));
        var (goldReader, predictedReader) = (new SpanReader(cursor, gold), new SpanReader(cursor, predicted));
        var counter = new SpanCounter();
        for (var row = 1L; cursor.MoveNext(); row++) counter.Add(goldReader.Read(row), predictedReader.Read(row));
        var metrics = counter.Result();
        using var channel = HostChannel.Open(context, nameof(SpanExtractionCatalog), nameof(Evaluate));
        channel.Trace(TrainerErrors.Invariant($"Precision {metrics.Precision:F4}, recall {metrics.Recall:F4}, F1 {metrics.F1:F4} on {metrics.Support} gold spans."));
        return metrics;
    }

    /// <summary>Reads texts with gold spans from a file of JSON lines, <c>{"text": "…", "entities": [{"start": 0, "end": 2, "label": "…"}]}</c>.</summary>
    /// <remarks>
    /// The file is opened now, to fail early, and then read line by line whenever the view is read; it is never held in memory. Columns: <c>Text</c> (text), <c>Start</c>
    /// and <c>End</c> (vectors of Int32, UTF-16, end exclusive), <c>Label</c> (vector of text). Other fields and blank lines are ignored.
    /// </remarks>
    /// <param name="path">The file, UTF-8, with or without a byte order mark.</param>
    /// <param name="offsets">What the offsets in the file count; the view's offsets are UTF-16 in any case.</param>
    /// <returns>The view.</returns>
    /// <exception cref="DataFormatException">The file does not exist or cannot be read; while the view is read: a line does not have that form. File, line and column are named.</exception>
    public IDataView LoadFromJsonLines(string path, TextOffsets offsets = TextOffsets.CodePoints)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        DataFile.Open(path).Dispose();
        return context.Data.LoadFromEnumerable(new SpanJsonLines(path, offsets));
    }
}
