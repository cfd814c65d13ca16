using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>Random batches of examples of similar length, so that little is spent on padding.</summary>
static class BucketedBatches
{
    /// <summary>Batches that are sorted by length together: enough to make lengths similar, few enough to keep batches random.</summary>
    const int BatchesPerBucket = 50;

    /// <summary>The number of batches of an epoch.</summary>
    public static int Count(int examples, int batchSize) => (examples + batchSize - 1) / batchSize;

    /// <summary>Shuffles all examples, sorts them by length within large buckets, cuts these into batches and shuffles the batches.</summary>
    /// <param name="lengths">The length of each example.</param>
    /// <param name="batchSize">Examples in a batch.</param>
    /// <param name="generator">Where the order comes from.</param>
    /// <param name="byLength">False leaves lengths out of account: any example may meet any other.</param>
    public static IReadOnlyList<int[]> Shuffle(IReadOnlyList<int> lengths, int batchSize, Generator generator, bool byLength = true)
    {
        if (!byLength) return [.. Permutation(lengths.Count, generator).Chunk(batchSize)];
        var batches = new List<int[]>(Count(lengths.Count, batchSize));
        foreach (var bucket in Permutation(lengths.Count, generator).Chunk(batchSize * BatchesPerBucket))
        {
            batches.AddRange(bucket.OrderBy(example => lengths[example]).Chunk(batchSize)); // stable: ties stay in random order
        }
        return [.. Permutation(batches.Count, generator).Select(i => batches[i])];
    }

    static int[] Permutation(int count, Generator generator)
    {
        using var order = randperm(count, generator: generator);
        return Array.ConvertAll(order.data<long>().ToArray(), i => (int)i);
    }
}
