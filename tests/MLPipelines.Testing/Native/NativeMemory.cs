using TorchSharp;

namespace MLPipelines.Testing;

/// <summary>Finds tensors that are left to the garbage collector.</summary>
/// <remarks>
/// <see cref="torch.Tensor.TotalCount"/> counts every live handle in the process. A collection would finalise what was forgotten and hide
/// the leak, so none may happen meanwhile; and nothing else may create tensors meanwhile, so tests that use this run alone
/// (<see cref="ContractCollection"/>).
/// </remarks>
public static class NativeMemory
{
    const long ManagedBudget = 200L << 20;

    /// <summary>Requires an action to leave as many tensors alive as there were before it.</summary>
    /// <param name="what">What the action does, for the message.</param>
    /// <param name="repetitions">How often to run it inside the measurement. Fewer are run when they allocate too much managed memory for one measurement.</param>
    /// <param name="action">The action; run it once before, so that caches are filled.</param>
    public static void RequireNoLeak(string what, int repetitions, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        for (var n = repetitions; ; n /= 2)
        {
            Require.That(n > 0, $"{what}: one run allocates more than {ManagedBudget >> 20} MiB of managed memory; use a smaller contract case");
            if (Measure(n, action) is not { } leaked) continue;
            Require.That(leaked == 0, $"{what}: {leaked} tensors were left to the garbage collector in {n} runs");
            return;
        }
    }

    /// <summary>
    /// TorchSharp 0.102 never takes the tensor that a <see cref="TorchSharp.Modules.Parameter"/> is made from out of the count, so every module made grows it.
    /// There, what a collection finds is counted instead: the same number, except that it misses tensors that something still refers to.
    /// </summary>
    static readonly Lazy<bool> s_countsParametersForEver = new(() =>
    {
        var before = torch.Tensor.TotalCount;
        using (var value = torch.zeros(1))
        using (new TorchSharp.Modules.Parameter(value))
        {
        }

        return torch.Tensor.TotalCount != before;
    });

    // Null when a collection happened after all, because the action allocated more than the budget.
    static long? Measure(int repetitions, Action action)
    {
        var countsParametersForEver = s_countsParametersForEver.Value;
        Collect();
        Require.That(GC.TryStartNoGCRegion(ManagedBudget), "the garbage collector cannot be held off; is another measurement running?");
        try
        {
            var collections = GC.CollectionCount(0);
            var before = torch.Tensor.TotalCount;
            for (var i = 0; i < repetitions; i++) action();
            var after = torch.Tensor.TotalCount;
            if (GC.CollectionCount(0) != collections) return null;
            if (!countsParametersForEver || after == before) return after - before;
            GC.EndNoGCRegion();
            Collect();
            return after - torch.Tensor.TotalCount;
        }
        finally
        {
            if (System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        }
    }

    static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
