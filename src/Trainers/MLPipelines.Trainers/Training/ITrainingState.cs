namespace MLPipelines.Trainers.Training;

/// <summary>Something that remembers between the steps of a training run: an optimiser, averaged weights, accumulated gradients.</summary>
/// <remarks>
/// A run that is interrupted continues from a checkpoint exactly as if nothing had happened. For that, everything in the run that remembers implements this interface:
/// what <see cref="Save"/> writes, <see cref="Load"/> of a fresh object with the same options reads back, and both behave the same from then on.
/// An <see cref="Optimizers.IOptimizer"/> or a <see cref="Steps.ITrainingStep"/> without memory need not implement it. Called between steps only, on the thread of the run.
/// </remarks>
public interface ITrainingState
{
    /// <summary>Writes everything that the next steps depend on. Changes nothing.</summary>
    /// <param name="state">Where it goes; the names are this object's own.</param>
    void Save(TrainingState state);

    /// <summary>Takes over what <see cref="Save"/> wrote, in place of what is there.</summary>
    /// <param name="state">Where it comes from.</param>
    /// <exception cref="InvalidDataException">Something is missing or does not fit.</exception>
    void Load(TrainingState state);
}
