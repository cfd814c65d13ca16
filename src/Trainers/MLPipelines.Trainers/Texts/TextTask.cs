using MLPipelines.Classification;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Divergences;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Texts;

/// <summary>Whole texts for the training loop: one score for each class or label of a text.</summary>
/// <param name="model">What is trained.</param>
/// <param name="loss">Takes the scores [B, L] and the targets.</param>
/// <param name="divergence">Tells how far two answers are apart.</param>
/// <param name="examples">The training sequences.</param>
/// <param name="targets">Makes the targets of rows, given by their indices, in the form that the loss takes.</param>
/// <param name="padding">The id of padding.</param>
/// <param name="unlabeled">Sequences of rows without labels.</param>
/// <param name="validate">Scores the validation set.</param>
sealed class TextTask(
    TextScoringModel model, ILoss loss, IDivergence divergence, IReadOnlyList<TextExample> examples, Func<IReadOnlyList<int>, Tensor> targets, int padding, IReadOnlyList<TextSequence> unlabeled,
    Func<CancellationToken, ValidationMetrics?> validate) : IUnlabeledTask, IMixableTask
{
    readonly UnlabeledRows unlabeledRows = new(unlabeled, padding, model.Device);

    public nn.Module Module => model;

    public IReadOnlyList<int> Lengths { get; } = [.. examples.Select(example => example.Sequence.Length)];

    public TrainingBatch CreateBatch(IReadOnlyList<int> indices)
    {
        var rows = indices.Select(i => examples[i]).ToList();
        var device = model.Device;
        var made = targets([.. rows.Select(row => row.Row)]);
        return new TrainingBatch(TextSequences.ToBatch([.. rows.Select(row => row.Sequence)], padding, device), device.type == TorchSharp.DeviceType.CPU ? made : made.to(device), rows.Count, indices.Sum(i => Lengths[i]));
    }

    public IReadOnlyList<int> UnlabeledLengths => unlabeledRows.Lengths;

    public TrainingBatch CreateUnlabeledBatch(IReadOnlyList<int> rows) => unlabeledRows.CreateBatch(rows);

    public Tensor Forward(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var features = model.Features(batch.Input); // [B, P]
        return model.Head.Score(batch.Mixture?.Apply(features) ?? features).MoveToOuterDisposeScope(); // [B, L]
    }

    public Tensor Loss(Tensor logits, TrainingBatch batch) => loss.Compute(logits, batch.Targets);

    public Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch) => divergence.Compute(first, second);

    public Tensor DivergenceFrom(Tensor reference, Tensor scores, TrainingBatch batch) => divergence.ComputeFrom(reference, scores);

    public Tensor SoftTargets(TrainingBatch batch) =>
        batch.Targets.dim() == 2 ? batch.Targets.clone() : nn.functional.one_hot(batch.Targets, model.Head.Outputs).to(ScalarType.Float32);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => validate(cancellationToken);
}
