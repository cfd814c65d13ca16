using MLPipelines.Trainers.Optimizers;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>What a middleware can see of the step it takes part in.</summary>
/// <remarks>Tensors here belong to the step's dispose scope: they live until the step ends, and nobody disposes them earlier.</remarks>
public sealed class StepContext
{
    GradientSet? gradients;

    /// <summary>What is being trained.</summary>
    public required ITrainingTask Task { get; init; }

    /// <summary>The parameters as the optimiser sees them.</summary>
    public required IReadOnlyList<ParameterGroup> Groups { get; init; }

    /// <summary>The only source of random numbers of this training run.</summary>
    public required Generator Generator { get; init; }

    /// <summary>The batch of this step, or where gradients are accumulated the part of it whose loss is being computed.</summary>
    /// <remarks>A middleware that replaces it around the inner stage puts the original back.</remarks>
    public required TrainingBatch Batch { get; set; }

    /// <summary>The step, counted from 0 over the whole run.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate of this step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The raw scores of the most recent forward pass, attached to its graph; null before the first.</summary>
    public Tensor? Logits { get; set; }

    /// <summary>The batch whose scores <see cref="Logits"/> are, blended where middleware blends rows; null before the first forward pass.</summary>
    public TrainingBatch? ScoredBatch { get; private set; }

    /// <summary>The state of <see cref="Generator"/> just before the most recent forward pass: another pass from there has the same dropout. Null before the first.</summary>
    public Tensor? StateOfPass { get; private set; }

    /// <summary>Runs the module on <see cref="Batch"/>, and keeps what the pass gave and what it came from.</summary>
    /// <returns><see cref="Logits"/>.</returns>
    public Tensor Forward()
    {
        (ScoredBatch, StateOfPass) = (Batch, Generator.get_state());
        return Logits = Task.Forward(Batch);
    }

    /// <summary>The gradients; available while parameters are being updated.</summary>
    /// <exception cref="InvalidOperationException">The backward pass has not run yet.</exception>
    public GradientSet Gradients
    {
        get => gradients ?? throw TrainerErrors.GradientsTooEarly();
        internal set => gradients = value;
    }
}
