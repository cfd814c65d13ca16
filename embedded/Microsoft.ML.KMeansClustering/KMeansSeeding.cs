using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Chooses the first centroids among the rows.</summary>
internal static class KMeansSeeding
{
    // Two rows so near are taken for one, as in ML.NET.
    private const float Epsilon = 1e-15f;

    // From so many clusters on, rounds of many rows each are cheaper than a pass for each centroid.
    private const int ManyClusters = 60;
    private const int Rounds = 5;
    private const int OverSampling = 2;

    public static float[][] Choose(IHost host, FeatureRows rows, int count, KMeansTrainer.InitializationAlgorithm algorithm) => algorithm switch
    {
        KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus => FarRows(host, rows.Read, count),
        KMeansTrainer.InitializationAlgorithm.Random => Sample(host, rows, count, (_, _) => 1),
        _ => RoundsOfFarRows(host, rows, count),
    };

    /// <summary>k-means++: the probability of a row is its weight times the squared distance to the nearest centroid so far. A pass per centroid.</summary>
    private static float[][] FarRows(IHost host, Func<IEnumerable<(float[] Features, float Weight)>> read, int count)
    {
        var centroids = new List<float[]>();
        var norms = new List<float>();
        while (centroids.Count < count)
        {
            double total = 0;
            float[] chosen = null;
            foreach (var (features, weight) in read())
            {
                float probability = centroids.Count == 0 ? 1 : float.PositiveInfinity;
                float own = centroids.Count == 0 ? 0 : Distances.SquaredNorm(features);
                for (int i = 0; i < centroids.Count; i++)
                    probability = Math.Min(probability, Distances.Squared(features, own, centroids[i], norms[i]));
                if (!(probability > 0))
                    continue;
                probability *= weight;
                total += probability;

                // Keeps each row with its share of the sum so far, which makes the last one kept a draw from all.
                if (probability > Epsilon && RandomUtils.NextSingle(host.Rand) < probability / total)
                    chosen = [.. features];
            }
            centroids.Add(chosen
                ?? throw host.Except($"Not enough distinct instances to populate {count} clusters (only found {centroids.Count} distinct instances)"));
            norms.Add(Distances.SquaredNorm(chosen));
        }
        return [.. centroids];
    }

    /// <summary>
    /// k-means||: in each round rows are drawn by their squared distance to the nearest row drawn before; where that makes too many, k-means++ chooses among them, each with
    /// the number of rows nearest to it as its weight. The weights of the rows themselves do not count, as in ML.NET. Source: Bahmani et al., Scalable k-means++, 2012.
    /// </summary>
    private static float[][] RoundsOfFarRows(IHost host, FeatureRows rows, int count)
    {
        var (rounds, perRound) = count < ManyClusters ? (count - 1, 1) : (Rounds, OverSampling * count);
        var drawn = new List<float[]>(Sample(host, rows, 1, (_, _) => 1));
        var norms = new List<float> { Distances.SquaredNorm(drawn[0]) };
        var nearest = new NearestSoFar(drawn, norms, rows.Count);
        for (int round = 0; round < rounds; round++)
        {
            var more = Sample(host, rows, perRound, nearest.SquaredDistance);
            nearest.KnowAll();
            drawn.AddRange(more);
            norms.AddRange(more.Select(centroid => Distances.SquaredNorm(centroid)));
        }
        if (drawn.Count == count)
            return [.. drawn];

        var populations = new float[drawn.Count];
        int row = 0;
        foreach (var (features, _) in rows.Read())
            populations[nearest.Find(features, row++)]++;
        var populated = drawn.Zip(populations).Where(pair => pair.Second > 0).ToList();

        // ML.NET makes a view of them, whose host draws from the generator; without that the same seed would choose others.
        host.Register("ArrayDataViewBuilder");
        return FarRows(host, () => populated, count);
    }

    /// <summary>Rows drawn without replacement by their weights, in one pass. Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006.</summary>
    private static float[][] Sample(IHost host, FeatureRows rows, int count, Func<float[], int, float> weightOf)
    {
        var random = RandomUtils.Create(host.Rand);
        var chosen = new PriorityQueue<float[], double>();
        int row = 0;
        foreach (var (features, _) in rows.Read())
        {
            float weight = weightOf(features, row++);
            if (weight <= Epsilon)
                continue;
            double key = Math.Log(random.NextDouble()) / weight;
            if (chosen.Count == count && !(chosen.TryPeek(out _, out double least) && key > least))
                continue;
            if (chosen.Count == count)
                chosen.Dequeue();
            chosen.Enqueue([.. features], key);
        }
        host.Check(chosen.Count == count, "Failed to initialize clusters: too few examples");
        var sample = new float[count][];
        for (int i = 0; i < count; i++)
            sample[i] = chosen.Dequeue();
        return sample;
    }

    /// <summary>The nearest drawn row of each row, brought up to date with what was drawn since.</summary>
    private sealed class NearestSoFar(List<float[]> drawn, List<float> norms, long rowCount)
    {
        private readonly int[] _nearest = new int[rowCount];
        private readonly float[] _distance = NewDistances(rowCount);
        private int _known;

        public float SquaredDistance(float[] features, int row)
        {
            Find(features, row);
            return Math.Max(_distance[row] + Distances.SquaredNorm(features), 0);
        }

        /// <summary>All rows were looked at since the last draw.</summary>
        public void KnowAll() => _known = drawn.Count;

        public int Find(float[] features, int row)
        {
            for (int i = _known; i < drawn.Count; i++)
            {
                float distance = Distances.ToCentroid(features, drawn[i], norms[i]);
                if (distance <= _distance[row])
                    (_nearest[row], _distance[row]) = (i, distance);
            }
            return _nearest[row];
        }

        private static float[] NewDistances(long count)
        {
            var distances = new float[count];
            Array.Fill(distances, float.MaxValue);
            return distances;
        }
    }
}
