using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Moves each centroid to the mean of the rows that are nearest to it, until that helps no more.</summary>
internal static class Lloyd
{
    public static void Improve(IHost host, IChannel channel, FeatureRows rows, float[][] centroids, int iterations, float tolerance)
    {
        double before = double.PositiveInfinity;
        for (int iteration = 1; iteration <= iterations; iteration++)
        {
            host.CheckAlive();
            double average = Move(rows, centroids);
            channel.Trace(MessageSensitivity.None, "Iteration {0}: mean squared distance {1}", iteration, average);
            if (before - average < tolerance)
                break;
            before = average;
        }
        channel.Info(MessageSensitivity.None, "Model trained successfully on {0} instances", rows.Count);
    }

    /// <returns>The mean squared distance before the move.</returns>
    private static double Move(FeatureRows rows, float[][] centroids)
    {
        var sums = Array.ConvertAll(centroids, centroid => new double[centroid.Length]);
        var weights = new double[centroids.Length];
        double distances = 0;
        foreach (var (features, weight) in rows.Read())
        {
            var (nearest, distance) = Distances.Nearest(features, centroids);
            distances += weight * distance;
            weights[nearest] += weight;
            for (int slot = 0; slot < features.Length; slot++)
                sums[nearest][slot] += weight * (double)features[slot];
        }
        for (int i = 0; i < centroids.Length; i++)
        {
            // A centroid that no row is near stays where it is.
            if (weights[i] > 0)
                centroids[i] = Array.ConvertAll(sums[i], sum => (float)(sum / weights[i]));
        }
        return distances / weights.Sum();
    }
}
