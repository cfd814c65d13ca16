namespace MLPipelines.Trainers.Training;

/// <summary>A task that has, beside its training examples, rows without labels for regularisers that need none.</summary>
public interface IUnlabeledTask : IConsistencyTask
{
    /// <summary>The number of tokens of each row without labels; its index names the row. Empty when there are none.</summary>
    IReadOnlyList<int> UnlabeledLengths { get; }

    /// <summary>Makes the tensors of a batch of rows without labels, on the module's device. They belong to the dispose scope of the caller.</summary>
    /// <param name="rows">Indices of the rows.</param>
    /// <returns>A batch whose targets are empty.</returns>
    TrainingBatch CreateUnlabeledBatch(IReadOnlyList<int> rows);
}
