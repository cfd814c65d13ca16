using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Which row of a table of relative positions belongs to a query and a key, int64 [T, T] with queries in rows and keys in columns.</summary>
public static class RelativePositions
{
    /// <summary>The distance key − query, cut off at ±limit and counted from 0: a table of 2·limit + 1 rows.</summary>
    /// <param name="length">The number of tokens T.</param>
    /// <param name="limit">The largest distance that is told apart.</param>
    /// <returns>[T, T], ids 0 … 2·limit.</returns>
    /// <remarks>Source: https://arxiv.org/abs/1803.02155.</remarks>
    public static Tensor Clipped(int length, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return Table(length, distance => Math.Clamp(distance, -limit, limit) + limit);
    }

    /// <summary>Buckets of the distance key − query: one for each short distance, then ever wider ones up to a maximum.</summary>
    /// <param name="length">The number of tokens T.</param>
    /// <param name="bidirectional">Whether keys after the query have buckets of their own (the upper half); otherwise they share bucket 0.</param>
    /// <param name="buckets">The number of buckets, a multiple of 4 or, for one direction, of 2.</param>
    /// <param name="maximum">The distance from which on all share the last bucket.</param>
    /// <returns>[T, T], ids 0 … buckets − 1.</returns>
    /// <remarks>Source: https://arxiv.org/abs/1910.10683.</remarks>
    public static Tensor Buckets(int length, bool bidirectional = true, int buckets = 32, int maximum = 128)
    {
        var (sides, half) = bidirectional ? (2, 4) : (1, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, half);
        ArgumentOutOfRangeException.ThrowIfNotEqual(buckets % half, 0, nameof(buckets));
        var each = buckets / sides;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maximum, each / 2);
        return Table(length, distance => bidirectional
            ? (distance > 0 ? each : 0) + Bucket(Math.Abs(distance), each, maximum)
            : Bucket(Math.Max(-distance, 0), each, maximum));
    }

    static int Bucket(int distance, int buckets, int maximum)
    {
        var exact = buckets / 2;
        if (distance < exact) return distance;
        // Distances on the edge of a bucket must not fall below it by rounding.
        var share = Math.Log((double)distance / exact) / Math.Log((double)maximum / exact);
        return Math.Min(buckets - 1, exact + (int)((share * (buckets - exact)) + 1e-9));
    }

    static Tensor Table(int length, Func<int, int> id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var ids = new long[length, length];
        for (var query = 0; query < length; query++)
        {
            for (var key = 0; key < length; key++) ids[query, key] = id(key - query);
        }
        return tensor(ids);
    }
}
