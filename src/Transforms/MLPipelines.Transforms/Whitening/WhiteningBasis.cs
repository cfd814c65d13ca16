using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLPipelines.Whitening;

/// <summary>The principal directions of a set of vectors about β times their mean: everything about a whitening but γ and k.</summary>
/// <remarks>
/// <code>Σ = (1/N) Σ (x − βμ)ᵀ(x − βμ) = C + (1 − β)² μᵀμ = U Λ Uᵀ</code>
/// with μ the mean and C the covariance about it. Each direction has the sign that makes its largest component positive, so equal data give equal directions.
/// Immutable and thread-safe. Sources: https://arxiv.org/abs/2103.15316, https://kexue.fm/archives/9079.
/// </remarks>
public sealed class WhiteningBasis
{
    /// <summary>The longest vectors: the bytes of their matrix have to fit into one span.</summary>
    internal const int MaximumDimension = 16383;

    readonly double[] _center;
    readonly double[] _eigenvalues;
    readonly double[] _directions; // [D, D], a direction is a column

    WhiteningBasis(double beta, double[] center, double[] eigenvalues, double[] directions, double noise)
    {
        (Beta, _center, _eigenvalues, _directions) = (beta, center, eigenvalues, directions);
        var negligible = Math.Max(Math.ScaleB(eigenvalues[0] * eigenvalues.Length, -52), noise);
        Rank = eigenvalues.Count(value => value > negligible);
    }

    /// <summary>β: how much of the mean is subtracted.</summary>
    public double Beta { get; }

    /// <summary>The length of a vector.</summary>
    public int Dimension => _center.Length;

    /// <summary>βμ [D].</summary>
    public ReadOnlyMemory<double> Center => _center;

    /// <summary>The eigenvalues Λ [D], largest first; what rounding made negative is 0.</summary>
    public ReadOnlyMemory<double> Eigenvalues => _eigenvalues;

    /// <summary>The directions U [D, D], row-major: column i belongs to eigenvalue i.</summary>
    public ReadOnlyMemory<double> Directions => _directions;

    /// <summary>
    /// How many eigenvalues are larger than rounding errors: above D · 2⁻⁵² of the largest, and, where vectors were Single, above 2⁻⁴⁰ of the largest mean square of a component.
    /// </summary>
    public int Rank { get; }

    /// <summary>Finds the directions.</summary>
    /// <param name="moments">The statistics of the vectors.</param>
    /// <param name="beta">β in [0, 1].</param>
    public static WhiteningBasis Create(VectorMoments moments, double beta)
    {
        ArgumentNullException.ThrowIfNull(moments);
        RequireFraction(beta, nameof(beta));
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var size = moments.Dimension;
        var rest = tensor(moments.Mean.ToArray()).mul_(1 - beta);
        var about = tensor(moments.Covariance.ToArray()).view(size, size).add(rest.outer(rest)); // [D, D]
        var (values, vectors) = linalg.eigh(about);
        var eigenvalues = Values(values.flip(0));
        var directions = Values(vectors.flip(1)); // [D, D]
        for (var i = 0; i < size; i++) eigenvalues[i] = Math.Max(eigenvalues[i], 0);
        FixSigns(directions, size);
        var center = new double[size];
        TensorPrimitives.Multiply(moments.Mean.Span, beta, center);
        return new(beta, center, eigenvalues, directions, moments.Noise);
    }

    /// <summary>The share of the eigenvalues' sum that the largest ones hold, in [0, 1].</summary>
    /// <param name="dimensions">How many are taken.</param>
    public double ExplainedVariance(int dimensions)
    {
        var total = TensorPrimitives.Sum<double>(_eigenvalues);
        return total > 0 ? TensorPrimitives.Sum<double>(_eigenvalues.AsSpan(0, dimensions)) / total : 0;
    }

    /// <summary>How many dimensions the options ask for and the vectors allow.</summary>
    internal int Keep(WhiteningEstimator.Options options)
        => options.Dimensions is { } wanted ? Math.Min(wanted, Rank) : options.Gamma == 0 ? Dimension : Rank;

    /// <summary>How far each direction is shrunk: <c>max(λᵢ, floor · λ₁)^(−γ/2)</c> [D].</summary>
    /// <param name="gamma">γ in [0, 1].</param>
    /// <param name="floor">Smaller eigenvalues count as this fraction of the largest; in [0, 1].</param>
    internal double[] Scales(double gamma, double floor)
    {
        RequireFraction(gamma, nameof(gamma));
        var least = floor * _eigenvalues[0];
        return [.. _eigenvalues.Select(value => gamma == 0 ? 1 : Math.Pow(Math.Max(value, least), -gamma / 2))];
    }

    /// <summary>The first columns of U Λ^(−γ/2): [D, k], row-major.</summary>
    internal double[] Projection(double gamma, int dimensions, double floor)
    {
        var scales = Scales(gamma, floor).AsSpan(0, dimensions);
        var projection = new double[Dimension * dimensions];
        for (var row = 0; row < Dimension; row++)
            TensorPrimitives.Multiply(_directions.AsSpan(row * Dimension, dimensions), scales, projection.AsSpan(row * dimensions, dimensions));
        return projection;
    }

    static void RequireFraction(double value, string name)
    {
        if (!(value is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, value, "Expected a number from 0 to 1.");
    }

    static double[] Values(Tensor tensor) => MemoryMarshal.Cast<byte, double>(tensor.contiguous().bytes).ToArray();

    // Components of equal size, as in (1, -1)/√2, must not be told apart by their last bit.
    static void FixSigns(double[] directions, int size)
    {
        const double Tie = 1 - 1e-6;
        for (var column = 0; column < size; column++)
        {
            var largest = 0.0;
            for (var row = 0; row < size; row++) largest = Math.Max(largest, Math.Abs(directions[row * size + column]));
            var at = column;
            while (Math.Abs(directions[at]) < Tie * largest) at += size;
            if (directions[at] > 0) continue;
            for (var i = column; i < directions.Length; i += size) directions[i] = -directions[i];
        }
    }
}
