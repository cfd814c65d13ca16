using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>What a trainer supplies to the <see cref="TrainingLoop"/>: a module, examples, a loss and a way to validate.</summary>
/// <remarks>Used by one thread at a time. The loop neither creates nor disposes a task.</remarks>
public interface ITrainingTask
{
    /// <summary>The module being trained. The loop switches it between training and evaluation mode.</summary>
    nn.Module Module { get; }

    /// <summary>The number of tokens of each training example; its index names the example.</summary>
    IReadOnlyList<int> Lengths { get; }

    /// <summary>Whether a batch holds examples of similar length, which saves padding. False where the loss compares the examples of a batch with each other, so that all kinds have to meet.</summary>
    /// <value>The default is true.</value>
    bool BatchesByLength => true;

    /// <summary>Makes the tensors of a batch, on the module's device. They belong to the dispose scope of the caller.</summary>
    /// <param name="examples">Indices of the examples.</param>
    TrainingBatch CreateBatch(IReadOnlyList<int> examples);

    /// <summary>Runs the module.</summary>
    /// <returns>Raw scores with a graph.</returns>
    Tensor Forward(TrainingBatch batch);

    /// <summary>Computes the loss of raw scores.</summary>
    /// <returns>A scalar with a graph.</returns>
    Tensor Loss(Tensor logits, TrainingBatch batch);

    /// <summary>Scores the whole validation set with the current weights. The module is in evaluation mode and no graph is recorded.</summary>
    /// <returns>The metrics, or null when there is no validation set.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValidationMetrics? Validate(CancellationToken cancellationToken);
}
