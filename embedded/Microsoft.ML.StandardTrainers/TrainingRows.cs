using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Adds up over all rows: in parts, one for each thread, over rows in memory, or over rows read again each time.</summary>
internal sealed class TrainingRows
{
    private const int FewestForAThread = 10;
    private const int RowsForAThread = 100;

    private readonly Func<TrainingCursor> _open;
    private readonly List<Row> _kept;
    private readonly int[] _bounds = [];

    /// <param name="host">The trainer's.</param>
    /// <param name="channel">Told what is skipped.</param>
    /// <param name="threads">How many to use at most.</param>
    /// <param name="open">Starts a pass over the data.</param>
    /// <param name="see">Called with the label and the weight of each row.</param>
    public TrainingRows(IHost host, IChannel channel, int threads, Func<TrainingCursor> open, Action<int, float> see)
    {
        _open = open;
        if (threads > 1)
        {
            channel.Info("LBFGS multi-threading will attempt to load dataset into memory. In case of out-of-memory "
                + "issues, add 'numThreads=1' to the trainer arguments and 'cache=-' to the command line "
                + "arguments to turn off multi-threading.");
            _kept = [];
        }
        using var cursor = open();
        while (cursor.MoveNext())
        {
            WeightSum += cursor.Weight;
            see(cursor.Label, cursor.Weight);
            if (_kept is null)
                continue;
            VBuffer<float> features = default;
            cursor.Features.CopyTo(ref features);
            _kept.Add(new Row(features, cursor.Label, cursor.Weight));
        }
        Count = cursor.KeptRowCount;
        host.Check(Count > 0, "No valid training instances found, all instances have missing features.");
        if (cursor.SkippedRowCount > 0)
            channel.Warning("Skipped {0} instances with missing features/label/weight during training", cursor.SkippedRowCount);
        if (_kept is not null)
            _bounds = Divide(channel, _kept.Count, threads);
    }

    public delegate float RowAction(in Row row, float[] sums);

    public long Count { get; }

    public double WeightSum { get; }

    /// <summary>Sums what the action returns, and what it adds to the vector that it is given.</summary>
    public float Add(RowAction action, float[] sums)
    {
        Array.Clear(sums);
        if (_kept is null)
        {
            double total = 0;
            using var cursor = _open();
            while (cursor.MoveNext())
                total += action(new Row(cursor.Features, cursor.Label, cursor.Weight), sums);
            return (float)total;
        }

        int parts = _bounds.Length - 1;
        var partSums = new float[parts][];
        var partTotals = new float[parts];
        Parallel.For(0, parts, part =>
        {
            partSums[part] = part == 0 ? sums : new float[sums.Length];
            double total = 0;
            for (int i = _bounds[part]; i < _bounds[part + 1]; i++)
                total += action(_kept[i], partSums[part]);
            partTotals[part] = (float)total;
        });
        float result = partTotals[0];
        for (int part = 1; part < parts; part++)
        {
            TensorPrimitives.Add(partSums[part], sums, sums);
            result += partTotals[part];
        }
        return result;
    }

    /// <summary>Parts of equal size, the first ones larger by one row where that does not come out even.</summary>
    private static int[] Divide(IChannel channel, int count, int threads)
    {
        if (count / threads < FewestForAThread)
        {
            int fewer = Math.Max(1, count / RowsForAThread);
            channel.Warning("Too few instances to use {0} threads, decreasing to {1} thread(s)", threads, fewer);
            threads = fewer;
        }
        var bounds = new int[threads + 1];
        for (int part = 0; part < threads; part++)
            bounds[part + 1] = bounds[part] + (count - bounds[part] + threads - part - 1) / (threads - part);
        return bounds;
    }

    public readonly record struct Row(VBuffer<float> Features, int Label, float Weight);
}
