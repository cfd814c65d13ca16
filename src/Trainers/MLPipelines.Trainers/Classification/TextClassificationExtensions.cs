using Microsoft.ML;
using MLPipelines.Interop;
using MLPipelines.Trainers;
using MLPipelines.Trainers.Classification;
using MLPipelines.Trainers.Files;

namespace MLPipelines;

/// <summary>What MLPipelines adds to ML.NET's own catalogs for classifying text.</summary>
public static class TextClassificationExtensions
{
    /// <summary>Trains an encoder with a head that scores each class of a text or a pair of texts.</summary>
    /// <param name="trainers">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="options">Columns, encoder and training settings.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static TextClassificationTrainer RoFormer(this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, TextClassificationTrainer.Options options) =>
        new(CatalogEnvironment.Of(trainers), options);

    /// <summary>Trains an encoder with a head that scores each class of a text or a pair of texts, with default settings.</summary>
    /// <param name="trainers">The trainers of <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="textColumn">The text, a text column.</param>
    /// <param name="labelColumn">The class, a key column.</param>
    /// <param name="secondTextColumn">The second text of a pair; null for single texts.</param>
    /// <returns>The estimator.</returns>
    public static TextClassificationTrainer RoFormer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, string textColumn = "Text", string labelColumn = "Label", string? secondTextColumn = null) =>
        new(CatalogEnvironment.Of(trainers), new TextClassificationTrainer.Options { TextColumn = textColumn, LabelColumn = labelColumn, SecondTextColumn = secondTextColumn });

    /// <summary>Reads texts with one label each from a file: JSON lines <c>{"text": "…", "label": "…"}</c>, CSV or TSV.</summary>
    /// <remarks>
    /// The file is opened now, to fail early, and then read row by row whenever the view is read; it is never held in memory. Columns: <c>Text</c>, <c>SecondText</c> and <c>Label</c>,
    /// all text; <c>MapValueToKey</c> makes the key that trainers and evaluation need.
    /// </remarks>
    /// <param name="catalog"><c>mlContext.Data</c>.</param>
    /// <param name="path">The file, UTF-8, with or without a byte order mark.</param>
    /// <param name="format">Where texts and labels stand; null takes the usual names.</param>
    /// <returns>The view.</returns>
    /// <exception cref="Components.DataFormatException">The file does not exist or cannot be read; while the view is read: a row is not as it should be. File, line and column are named.</exception>
    public static IDataView LoadLabeledTexts(this DataOperationsCatalog catalog, string path, LabeledTextFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        DataFile.Open(path).Dispose();
        return catalog.LoadFromEnumerable(new LabeledTextFile<ClassifiedText>(path, format ?? new(), LabelForm.One, row => new ClassifiedText
        {
            Text = row.Text, SecondText = row.SecondText, Label = row.Labels[0],
        }));
    }

    /// <summary>Compares predicted with given classes, class by class; beside accuracy and log loss, which ML.NET's <c>Evaluate</c> gives as well, the F1 of each class and their mean.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="data">Scored data with given classes, for example <c>model.Transform(test)</c>.</param>
    /// <param name="labelColumn">The given class: a key, or a text. Classes are matched by name, so keys may be in another order than the model's.</param>
    /// <param name="scoreColumn">Probabilities, a vector of Single whose slot names are the classes.</param>
    /// <param name="predictedLabelColumn">The predicted class, a key.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <exception cref="Components.DataFormatException">A row's class is missing, or one that the model does not have; the message names row and class.</exception>
    public static ClassificationMetrics EvaluatePerClass(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumn = "Label", string scoreColumn = "Score", string predictedLabelColumn = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return ClassificationEvaluation.Run(data, labelColumn, scoreColumn, predictedLabelColumn);
    }
}
