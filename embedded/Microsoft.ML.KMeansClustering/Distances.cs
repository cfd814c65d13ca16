using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Trainers;

/// <summary>Squared Euclidean distances.</summary>
internal static class Distances
{
    public static void ToAll(ReadOnlySpan<float> features, float[][] centroids, Span<float> distances)
    {
        for (int i = 0; i < centroids.Length; i++)
            distances[i] = Squared(features, centroids[i]);
    }

    /// <summary>The nearest centroid and how far it is.</summary>
    public static (int Centroid, float Distance) Nearest(ReadOnlySpan<float> features, IReadOnlyList<float[]> centroids)
    {
        var (nearest, least) = (0, float.PositiveInfinity);
        for (int i = 0; i < centroids.Count; i++)
        {
            float distance = Squared(features, centroids[i]);
            if (distance < least)
                (nearest, least) = (i, distance);
        }
        return (nearest, least);
    }

    private static float Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (int i = 0; i < left.Length; i++)
        {
            var difference = left[i] - right[i];
            sums += difference * difference;
        }
        float sum = Vector.Sum(sums);
        for (int i = left.Length * Vector<float>.Count; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
