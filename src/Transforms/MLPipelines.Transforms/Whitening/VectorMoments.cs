namespace MLPipelines.Whitening;

/// <summary>What whitening needs to know about a set of vectors: how many, their mean, and their covariance. Immutable and thread-safe.</summary>
public sealed class VectorMoments
{
    // Single arithmetic of a few steps leaves errors of about 2⁻²⁰ of a value.
    const int BitsOfSingles = 20;

    internal VectorMoments(long count, double[] mean, double[] covariance, bool areSingles)
    {
        (Count, Mean, Covariance) = (count, mean, covariance);
        var largest = Enumerable.Range(0, mean.Length).Max(i => mean[i] * mean[i] + covariance[i * mean.Length + i]);
        Noise = areSingles ? Math.ScaleB(largest, -2 * BitsOfSingles) : 0;
    }

    /// <summary>How many vectors there were.</summary>
    public long Count { get; }

    /// <summary>The length of a vector.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean vector μ [D].</summary>
    public ReadOnlyMemory<double> Mean { get; }

    /// <summary>The covariance about the mean, <c>(1/N) Σ (x − μ)ᵀ(x − μ)</c>: [D, D], row-major. The divisor is N.</summary>
    public ReadOnlyMemory<double> Covariance { get; }

    /// <summary>The variance that rounding alone may have given to a direction; 0 for float64 vectors.</summary>
    internal double Noise { get; }
}
