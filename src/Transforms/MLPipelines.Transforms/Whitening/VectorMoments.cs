namespace MLPipelines.Whitening;

/// <summary>What whitening needs to know about a set of vectors: how many, their mean, and their covariance. Immutable and thread-safe.</summary>
public sealed class VectorMoments
{
    internal VectorMoments(long count, double[] mean, double[] covariance) => (Count, Mean, Covariance) = (count, mean, covariance);

    /// <summary>How many vectors there were.</summary>
    public long Count { get; }

    /// <summary>The length of a vector.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean vector μ [D].</summary>
    public ReadOnlyMemory<double> Mean { get; }

    /// <summary>The covariance about the mean, <c>(1/N) Σ (x − μ)ᵀ(x − μ)</c>: [D, D], row-major. The divisor is N.</summary>
    public ReadOnlyMemory<double> Covariance { get; }
}
