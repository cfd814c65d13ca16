using Microsoft.ML;
using MLPipelines.Host.Models;
using MLPipelines.Trainers;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary><c>mlp train similarity</c>: vectors of texts whose cosine says how similar two texts are, from scored pairs.</summary>
internal sealed class SimilarityTrainTask : ITrainTask
{
    public string Name => "similarity";

    public string Help =>
        """
        Train an encoder whose vectors tell similar texts, on JSON lines {"text1": "…", "text2": "…", "score": 0.8}, or CSV or TSV with such columns. The score can have any scale: the higher, the more similar.
        The model embeds single texts (mlp embed), scores pairs (mlp predict), and can be whitened (mlp whiten).
        Example: mlp train similarity --train train.tsv --valid dev.tsv --epochs 5 --out model.zip
        """;

    public TrainerOptions Defaults { get; } = new SentencePairTrainer.Options { OnCancellation = CancellationBehavior.ReturnBest };

    public IReadOnlyCollection<string> Hidden => [nameof(SentencePairTrainer.Options.ScoreColumn), nameof(TrainerOptions.RDrop), nameof(TrainerOptions.Vat), nameof(TrainerOptions.HeadRate)];

    public object Data { get; } = new LabeledTextFormat();

    public IDataView Load(MLContext context, string path, object data, TrainerOptions? options) => context.SentencePairs().LoadFromFile(path, (LabeledTextFormat)data);

    public Evaluation Evaluate(MLContext context, ITransformer model, IDataView rows, TrainerOptions? options) => PairScoring.Report(context.SentencePairs().Evaluate(model, rows));
}
