using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>A task that knows how far two answers to the same batch are apart. Regularisers that compare answers, such as R-Drop and VAT, need one.</summary>
/// <remarks>
/// The task chooses a divergence that fits its loss, one of <see cref="Divergences.IDivergence"/>, and hides what does not exist, such as padding.
/// Scores are those of <see cref="ITrainingTask.Forward"/>; gradients flow back to both arguments; none is changed or disposed; the result is a fresh scalar.
/// </remarks>
public interface IConsistencyTask : ITrainingTask
{
    /// <summary>The symmetric divergence of two answers: at least 0, and 0 when they agree.</summary>
    /// <param name="first">Raw scores.</param>
    /// <param name="second">Raw scores of another forward pass over the same batch.</param>
    /// <param name="batch">The batch; its targets are not looked at, and are empty for rows without labels.</param>
    Tensor Divergence(Tensor first, Tensor second, TrainingBatch batch);

    /// <summary>How far scores have moved away from a reference; the symmetric divergence where a task does not say otherwise.</summary>
    /// <param name="reference">Raw scores to stay close to, usually cut off from their graph.</param>
    /// <param name="scores">Raw scores.</param>
    /// <param name="batch">The batch.</param>
    Tensor DivergenceFrom(Tensor reference, Tensor scores, TrainingBatch batch) => Divergence(reference, scores, batch);
}
