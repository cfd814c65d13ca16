using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>Squared Euclidean distances, as |x|² − 2x·c + |c|².</summary>
internal static class Distances
{
    public static float SquaredNorm(ReadOnlySpan<float> vector) => TensorPrimitives.SumOfSquares(vector);

    /// <summary>The part of the squared distance that depends on the centroid: less than the whole by the squared norm of the features.</summary>
    public static float ToCentroid(ReadOnlySpan<float> features, ReadOnlySpan<float> centroid, float centroidNorm) => (-2 * TensorPrimitives.Dot(features, centroid)) + centroidNorm;

    public static float Squared(ReadOnlySpan<float> features, float featuresNorm, ReadOnlySpan<float> centroid, float centroidNorm)
        => (-2 * TensorPrimitives.Dot(features, centroid)) + featuresNorm + centroidNorm;

    /// <summary>The nearest of so many centroids, the later of equal ones, with its part of the squared distance, and that of the second nearest.</summary>
    public static (int Nearest, float Distance, float Second) Nearest(ReadOnlySpan<float> features, IReadOnlyList<float[]> centroids, IReadOnlyList<float> norms)
    {
        var (nearest, least, second) = (0, float.PositiveInfinity, float.PositiveInfinity);
        for (int i = 0; i < centroids.Count; i++)
        {
            float distance = ToCentroid(features, centroids[i], norms[i]);
            if (distance <= least)
                (nearest, least, second) = (i, distance, least);
            else if (distance < second)
                second = distance;
        }
        return (nearest, least, second);
    }
}
