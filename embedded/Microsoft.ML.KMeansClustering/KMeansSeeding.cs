using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Chooses the first centroids among the rows.</summary>
internal static class KMeansSeeding
{
    public static float[][] Choose(IHost host, IChannel channel, FeatureRows rows, int count, KMeansTrainer.InitializationAlgorithm algorithm)
    {
        channel.Info(MessageSensitivity.None, "Initializing centroids");
        return algorithm == KMeansTrainer.InitializationAlgorithm.Random ? AnyRows(host, rows, count) : FarRows(host, rows, count);
    }

    /// <summary>k-means++: the probability of a row is its weight times the squared distance to the nearest centroid so far. A pass per centroid.</summary>
    private static float[][] FarRows(IHost host, FeatureRows rows, int count)
    {
        var centroids = new List<float[]>();
        while (centroids.Count < count)
        {
            double total = 0;
            float[] chosen = null;
            foreach (var (features, weight) in rows.Read())
            {
                double probability = weight * (centroids.Count == 0 ? 1.0 : Distances.Nearest(features, centroids).Distance);
                if (probability <= 0)
                    continue;
                total += probability;

                // Keeps each row with its share of the sum so far, which makes the last one kept a draw from all.
                if (host.Rand.NextDouble() < probability / total)
                    chosen = [.. features];
            }
            centroids.Add(chosen ?? throw TooFew(host, count, centroids.Count));
        }
        return [.. centroids];
    }

    private static float[][] AnyRows(IHost host, FeatureRows rows, int count)
    {
        var chosen = new List<float[]>();
        long seen = 0;
        foreach (var (features, _) in rows.Read())
        {
            seen++;
            if (chosen.Count < count)
            {
                chosen.Add([.. features]);
                continue;
            }
            long place = (long)(host.Rand.NextDouble() * seen);
            if (place < count)
                chosen[(int)place] = [.. features];
        }
        return chosen.Count == count ? [.. chosen] : throw TooFew(host, count, chosen.Count);
    }

    private static Exception TooFew(IHost host, int wanted, int found)
        => host.Except($"Not enough distinct instances to populate {wanted} clusters (only found {found} distinct instances)");
}
