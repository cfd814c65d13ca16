using MLPipelines.Encoders;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>The tensors of one step.</summary>
/// <param name="Input">What the encoder reads.</param>
/// <param name="Targets">What the scores should say, in the form that the task's loss takes.</param>
/// <param name="Rows">Examples in the batch.</param>
/// <param name="Tokens">Real tokens in the batch, without padding.</param>
public sealed record TrainingBatch(EncoderInput Input, Tensor Targets, int Rows, int Tokens)
{
    /// <summary>The number of things over which the batch's loss is a mean, above 0. Batches whose gradients are accumulated count in proportion.</summary>
    /// <value>The default is <see cref="Rows"/>; a loss over masked positions, say, counts these.</value>
    public double Weight { get; init; } = Rows;

    /// <summary>How the rows are blended; null when they are not. See <see cref="IMixableTask"/>.</summary>
    public Mixture? Mixture { get; init; }
}
