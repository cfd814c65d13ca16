using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>A task whose rows can be blended: one feature vector and one row of targets for each example.</summary>
/// <remarks>
/// <see cref="ITrainingTask.Forward"/> applies <see cref="TrainingBatch.Mixture"/>, where there is one, to the features that go into the last layer,
/// and <see cref="ITrainingTask.Loss"/> takes targets that are probabilities.
/// </remarks>
public interface IMixableTask : ITrainingTask
{
    /// <summary>The targets of a batch as probabilities.</summary>
    /// <param name="batch">The batch; not changed.</param>
    /// <returns>Float32 [B, C], fresh.</returns>
    Tensor SoftTargets(TrainingBatch batch);
}
