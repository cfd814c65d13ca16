namespace Microsoft.ML.Numeric;

/// <summary>A minimisation cannot go on; it may have arrived.</summary>
internal sealed class PrematureConvergenceException(string message, float[] weights, float value) : Exception(message)
{
    public float[] Weights { get; } = weights;

    public float Value { get; } = value;
}
