using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLPipelines.Host.Models;
using MLPipelines.Trainers;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary><c>mlp train classification</c>: one class for a text or a pair of texts.</summary>
internal sealed class ClassificationTrainTask : ITrainTask
{
    public string Name => "classification";

    public string Help =>
        """
        Train a classifier on JSON lines {"text": "…", "label": "…"}, or CSV or TSV with a header; --second-text-column for pairs of texts.
        Example: mlp train classification --train train.csv --label-column category --valid valid.csv --epochs 10 --out model.zip
        """;

    public TrainerOptions Defaults { get; } = new TextClassificationTrainer.Options { OnCancellation = CancellationBehavior.ReturnBest };

    public object Data { get; } = new LabeledTextFormat();

    public bool? HasManyLabels => false;

    public TrainerOptions Adapt(TrainerOptions options, object data) =>
        ((LabeledTextFormat)data).SecondTextColumn is null ? options : (TextClassificationTrainer.Options)options with { SecondTextColumn = "SecondText" };

    public IDataView Load(MLContext context, string path, object data, TrainerOptions? options)
    {
        // The trainer takes keys, as every multiclass trainer of ML.NET does, and finds the same classes of other files by their names.
        var texts = context.Data.LoadLabeledTexts(path, (LabeledTextFormat)data);
        return context.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(texts).Transform(texts);
    }

    public Evaluation Evaluate(MLContext context, ITransformer model, IDataView rows, TrainerOptions? options) =>
        ClassificationTask.Report(context.MulticlassClassification.EvaluatePerClass(model.Transform(rows)));
}
