using System.Runtime.ExceptionServices;

namespace MLPipelines.Testing;

/// <summary>Runs an action on several threads at the same moment.</summary>
static class Concurrently
{
    /// <summary>Every thread waits for the others and then runs the action. What the first one to fail threw is thrown again.</summary>
    public static void Run(int count, Action action)
    {
        Exception? first = null;
        using var gate = new Barrier(count);
        var threads = Enumerable.Range(0, count).Select(_ => new Thread(() =>
        {
            try
            {
                gate.SignalAndWait();
                action();
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref first, exception, null);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (first is not null) ExceptionDispatchInfo.Throw(first);
    }
}
