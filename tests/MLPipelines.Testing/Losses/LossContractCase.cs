using MLPipelines.Trainers.Losses;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>A loss over rows of classes, and a second implementation of it.</summary>
/// <param name="loss">The loss.</param>
/// <param name="targets">
/// Turns the truth, [rows, classes] with 1 for a class that applies and 0 for one that does not (or a probability, for <see cref="SoftTargets"/>),
/// into the targets tensor that the loss takes.
/// </param>
/// <param name="reference">
/// The same loss in plain C#: scores, truth, and which classes exist, each [rows, classes], to a number. Written from the formula, not from the loss.
/// </param>
public sealed class LossContractCase(ILoss loss, Func<double[,], Tensor> targets, Func<double[,], double[,], bool[,], double> reference)
{
    /// <summary>The loss.</summary>
    public ILoss Loss { get; } = loss;

    /// <summary>Makes the targets tensor.</summary>
    public Func<double[,], Tensor> Targets { get; } = targets;

    /// <summary>The plain implementation.</summary>
    public Func<double[,], double[,], bool[,], double> Reference { get; } = reference;

    /// <summary>Whether the truth may be probabilities between 0 and 1. Default: no.</summary>
    public bool SoftTargets { get; init; }

    /// <summary>Whether exactly one class applies to each row, as in single-label classification. Default: no, any number may.</summary>
    public bool OneClassPerRow { get; init; }
}
