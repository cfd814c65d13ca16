using Microsoft.ML;
using MLPipelines.Host.Models;
using MLPipelines.Trainers;
using MLPipelines.Trainers.SpanExtraction;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary><c>mlp train ner</c>: a GlobalPointer span extractor from JSON lines with entities.</summary>
internal sealed class NerTrainTask : ITrainTask
{
    public string Name => "ner";

    public string Help =>
        """
        Train a span extractor (named entities, slots) on JSON lines {"text": "…", "entities": [{"start": 0, "end": 2, "label": "…"}]}.
        Example: mlp train ner --train train.jsonl --valid valid.jsonl --epochs 10 --out model.zip
        """;

    public TrainerOptions Defaults { get; } = new GlobalPointerTrainer.Options { OnCancellation = CancellationBehavior.ReturnBest };

    public object Data { get; } = new Files();

    public IDataView Load(MLContext context, string path, object data, TrainerOptions? options) => context.SpanExtraction().LoadFromJsonLines(path, ((Files)data).Offsets);

    public Evaluation Evaluate(MLContext context, ITransformer model, IDataView rows, TrainerOptions? options)
    {
        var columns = options as GlobalPointerTrainer.Options ?? new();
        return NerTask.Report(context.SpanExtraction().Evaluate(model.Transform(rows), columns.StartColumn, columns.EndColumn, columns.LabelColumn));
    }

    /// <summary>How the files are read.</summary>
    internal sealed record Files
    {
        /// <summary>What offsets in files count.</summary>
        public TextOffsets Offsets { get; init; } = TextOffsets.CodePoints;
    }
}
