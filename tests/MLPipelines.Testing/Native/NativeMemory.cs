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

    // Null when a collection happened after all, because the action allocated more than the budget.
    static long? Measure(int repetitions, Action action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Require.That(GC.TryStartNoGCRegion(ManagedBudget), "the garbage collector cannot be held off; is another measurement running?");
        try
        {
            var collections = GC.CollectionCount(0);
            var before = torch.Tensor.TotalCount;
            for (var i = 0; i < repetitions; i++) action();
            var after = torch.Tensor.TotalCount;
            return GC.CollectionCount(0) == collections ? after - before : null;
        }
        finally
        {
            if (System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        }
    }
}
