using Microsoft.ML;
using MLPipelines.Host.Models;
using MLPipelines.Trainers;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary><c>mlp train multilabel</c>: any number of labels for a text, certain or with probabilities.</summary>
internal sealed class MultiLabelTrainTask : ITrainTask
{
    public string Name => "multilabel";

    public string Help =>
        """
        Train a multi-label classifier on JSON lines {"text": "…", "labels": ["a", "b"]} or {"text": "…", "labels": {"a": 0.7, "b": 1}}, CSV or TSV.
        A table without a header takes column numbers from 0: --text-column 0 --label-column 1 --label-names labels.txt
        Example: mlp train multilabel --train train.jsonl --valid valid.jsonl --epochs 5 --out model.zip
        """;

    public TrainerOptions Defaults { get; } = new MultiLabelTrainer.Options { LabelProbabilityColumn = "LabelProbability", OnCancellation = CancellationBehavior.ReturnBest };

    public object Data { get; } = new LabeledTextFormat();

    public bool? HasManyLabels => true;

    public TrainerOptions Adapt(TrainerOptions options, object data) =>
        ((LabeledTextFormat)data).SecondTextColumn is null ? options : (MultiLabelTrainer.Options)options with { SecondTextColumn = "SecondText" };

    public IDataView Load(MLContext context, string path, object data, TrainerOptions? options) => context.MultiLabel().LoadFromFile(path, (LabeledTextFormat)data);

    public Evaluation Evaluate(MLContext context, ITransformer model, IDataView rows, TrainerOptions? options) =>
        MultiLabelTask.Report(context.MultiLabel().Evaluate(model.Transform(rows), labelProbabilityColumn: "LabelProbability"));
}
