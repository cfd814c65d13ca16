namespace MLPipelines.Trainers.Training;

/// <summary>The number type in which a model is trained.</summary>
public enum Precision
{
    /// <summary>32-bit floating point throughout.</summary>
    Float32,

    /// <summary>
    /// Matrix products of layers in bfloat16, forward and backward; weights, gradients, norms, sums, losses and optimiser state stay in float32.
    /// Faster where the processor has instructions for it. The trained model is a float32 model.
    /// </summary>
    Bfloat16,
}
