using Microsoft.ML.TorchSharp.NasBert;

namespace Microsoft.ML.TorchSharp;

/// <summary>
/// The public signatures of Microsoft.ML.TorchSharp 0.23.0 that the plugin uses, here and in the files beside. Trainers are estimators of any transformer, since only ML.NET can write the base class of its own.
/// </summary>
public static class TorchSharpCatalog
{
    public static TextClassificationTrainer TextClassification(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, TextClassificationTrainer.TextClassificationOptions options) =>
        catalog is null ? throw new ArgumentNullException(nameof(catalog)) : new(options);

    public static NerTrainer NamedEntityRecognition(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, NerTrainer.NerOptions options) =>
        catalog is null ? throw new ArgumentNullException(nameof(catalog)) : new(options);
}
