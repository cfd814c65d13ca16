using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Scoring;

/// <summary>Runs a model without gradients over items of different lengths: in batches of similar length, several at a time on the CPU and one at a time on any other device.</summary>
/// <remarks>Safe for concurrent use.</remarks>
sealed class LengthBatches
{
    // A GPU takes as long for a few hundred tokens as for some thousands: what it waits for is the launch of each operator.
    const int EnoughForDevice = 8192;

    readonly Lock _oneAtATime = new();

    /// <summary>Computes every batch.</summary>
    /// <param name="lengths">The length of each item.</param>
    /// <param name="limit">How many items a batch may have whose longest item has the given length.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="compute">Computes a batch from the indices of its items, in inference mode and a dispose scope of its own; called on several threads.</param>
    /// <param name="cancellationToken">Checked before every batch.</param>
    /// <returns>Each batch with its result, always in the same order.</returns>
    public IReadOnlyList<(int[] Items, TResult Result)> Run<TResult>(
        IReadOnlyList<int> lengths, Func<int, int> limit, Device device, Func<int[], TResult> compute, CancellationToken cancellationToken = default)
    {
        var onCpu = device.type == DeviceType.CPU;
        var groups = (onCpu ? LengthBuckets.Group(lengths, limit) : LengthBuckets.Group(lengths, limit, EnoughForDevice)).ToList();
        var results = new TResult[groups.Count];
        if (onCpu)
        {
            ComputeThreads.ForEach([.. Enumerable.Range(0, groups.Count)], Compute);
        }
        else
        {
            for (var i = 0; i < groups.Count; i++)
            {
                lock (_oneAtATime) Compute(i);
            }
        }

        return [.. groups.Zip(results)];

        void Compute(int i)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Grad mode and dispose scopes belong to the thread, so they are opened here, where the tensors are made.
            using var inference = inference_mode();
            using var scope = NewDisposeScope();
            results[i] = compute(groups[i]);
        }
    }
}
