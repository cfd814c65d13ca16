using MLPipelines.Classification;
using MLPipelines.Scoring;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Texts;

/// <summary>Whole texts for the training loop: one score for each class or label of a text.</summary>
/// <param name="model">What is trained.</param>
/// <param name="loss">Takes the scores [B, L] and the targets.</param>
/// <param name="examples">The training sequences.</param>
/// <param name="targets">Makes the targets of rows, given by their indices, in the form that the loss takes.</param>
/// <param name="padding">The id of padding.</param>
/// <param name="validate">Scores the validation set.</param>
sealed class TextTask(
    TextScoringModel model, ILoss loss, IReadOnlyList<TextExample> examples, Func<IReadOnlyList<int>, Tensor> targets, int padding,
    Func<CancellationToken, ValidationMetrics?> validate) : ITrainingTask
{
    public nn.Module Module => model;

    public IReadOnlyList<int> Lengths { get; } = [.. examples.Select(example => example.Sequence.Length)];

    public TrainingBatch CreateBatch(IReadOnlyList<int> indices)
    {
        var rows = indices.Select(i => examples[i]).ToList();
        var device = model.Device;
        var made = targets([.. rows.Select(row => row.Row)]);
        return new TrainingBatch(TextSequences.ToBatch([.. rows.Select(row => row.Sequence)], padding, device), device.type == TorchSharp.DeviceType.CPU ? made : made.to(device), rows.Count, indices.Sum(i => Lengths[i]));
    }

    public Tensor Forward(TrainingBatch batch) => model.call(batch.Input); // [B, L]

    public Tensor Loss(Tensor logits, TrainingBatch batch) => loss.Compute(logits, batch.Targets);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => validate(cancellationToken);
}
