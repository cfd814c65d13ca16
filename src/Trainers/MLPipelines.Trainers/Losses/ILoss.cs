using static TorchSharp.torch;

namespace MLPipelines.Trainers.Losses;

/// <summary>Turns raw scores and what they should have been into one number to minimise.</summary>
/// <remarks>
/// A loss is a pure function of tensors: it holds no state, is safe for concurrent use, disposes and changes none of its inputs,
/// and returns a fresh scalar through which gradients flow back to the scores. What <c>targets</c> holds is stated by each loss.
/// </remarks>
public interface ILoss
{
    /// <summary>What <c>targets</c> have to hold.</summary>
    /// <value>A loss that does not say takes a probability for each class.</value>
    LossTargets Targets => LossTargets.Probabilities;

    /// <summary>Computes the loss of a batch.</summary>
    /// <param name="logits">Raw scores, floating point; the last axis runs over the classes of one row, all other axes over rows.</param>
    /// <param name="targets">What the scores should say, in the form that the loss documents.</param>
    /// <param name="mask">Boolean, broadcastable to <paramref name="logits"/>: false where a class does not exist for a row. Null when all exist.</param>
    /// <returns>A scalar of the type of <paramref name="logits"/> (float32 for narrower ones).</returns>
    Tensor Compute(Tensor logits, Tensor targets, Tensor? mask = null);
}
