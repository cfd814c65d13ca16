using MLPipelines.Embeddings;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.SentencePairs;

/// <summary>Sentence pairs for the training loop: the cosine of the two vectors of each pair against its score.</summary>
/// <param name="model">What is trained.</param>
/// <param name="loss">Takes the cosines [B] and the scores [B] of a batch of pairs.</param>
/// <param name="examples">The training pairs.</param>
/// <param name="padding">The id of padding.</param>
/// <param name="device">Where batches are made.</param>
/// <param name="validate">Scores the validation set.</param>
sealed class SentencePairTask(
    SentenceEmbeddingModel model, ILoss loss, IReadOnlyList<SentencePairExample> examples, int padding, Device device, Func<CancellationToken, ValidationMetrics?> validate) : ITrainingTask
{
    // Of two vectors of length 0 the cosine is 0.
    const double ShortestSquare = 1e-24;

    public nn.Module Module => model;

    // Both texts of all pairs of a batch are padded to the longest.
    public IReadOnlyList<int> Lengths { get; } = [.. examples.Select(pair => Math.Max(pair.First.Length, pair.Second.Length))];

    // Only pairs of one batch are compared. Batches of similar length would never set the scores of short pairs against those of long ones.
    public bool BatchesByLength => false;

    public TrainingBatch CreateBatch(IReadOnlyList<int> indices)
    {
        var pairs = indices.Select(i => examples[i]).ToList();
        List<TextSequence> texts = [.. pairs.Select(pair => pair.First), .. pairs.Select(pair => pair.Second)];
        var scores = tensor(pairs.Select(pair => pair.Score).ToArray(), device: device); // [B]
        return new TrainingBatch(TextSequences.ToBatch(texts, padding, device), scores, pairs.Count, texts.Sum(text => text.Length));
    }

    public Tensor Forward(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var vectors = model.call(batch.Input); // [2B, H]
        var unit = vectors.div(vectors.square().sum(-1, keepdim: true).clamp_min(ShortestSquare).sqrt());
        return unit[..batch.Rows].mul(unit[batch.Rows..]).sum(-1).MoveToOuterDisposeScope(); // [B]
    }

    public Tensor Loss(Tensor logits, TrainingBatch batch) => loss.Compute(logits, batch.Targets);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => validate(cancellationToken);
}
