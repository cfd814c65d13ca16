using static TorchSharp.torch;

namespace MLPipelines.Trainers.Divergences;

/// <summary>How far two sets of raw scores for the same rows are apart, measured between the probabilities that they stand for.</summary>
/// <remarks>
/// A pure function of tensors: it holds no state, is safe for concurrent use, disposes and changes none of its inputs, and returns a fresh scalar, at least 0, through which
/// gradients flow back to both. A class that does not exist contributes 0 to the value and to the gradient: one that the mask hides, or whose score is infinite in either input.
/// </remarks>
public interface IDivergence
{
    /// <summary>The symmetric divergence, the same for exchanged arguments and 0 for equal ones.</summary>
    /// <param name="first">Raw scores, floating point [rows…, C].</param>
    /// <param name="second">Raw scores of the same shape.</param>
    /// <param name="mask">Boolean, broadcastable to the scores: false where a class does not exist for a row. Null when all exist.</param>
    /// <returns>A scalar of the type of the scores (float32 for narrower ones).</returns>
    Tensor Compute(Tensor first, Tensor second, Tensor? mask = null);

    /// <summary>How far scores have moved away from a reference, in one direction; the symmetric divergence where a divergence has no better.</summary>
    /// <param name="reference">Raw scores, floating point [rows…, C].</param>
    /// <param name="scores">Raw scores of the same shape.</param>
    /// <param name="mask">As for <see cref="Compute"/>.</param>
    Tensor ComputeFrom(Tensor reference, Tensor scores, Tensor? mask = null) => Compute(reference, scores, mask);
}
