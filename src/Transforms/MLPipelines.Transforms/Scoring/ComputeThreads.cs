using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace MLPipelines.Scoring;

/// <summary>Threads on which libtorch computes alone, so that independent pieces of work run beside each other.</summary>
/// <remarks>
/// When libtorch splits each operator instead, its threads wait for each other after every one, and what is no operator (kernels, tokenizing, decoding) keeps one thread busy.
/// There are as many threads as the caller has for operators (<see cref="get_num_threads"/>), shared by all callers of the process; they are made when first needed.
/// </remarks>
static class ComputeThreads
{
    static readonly BlockingCollection<Action> s_work = [];
    static readonly Lock s_starting = new();
    static readonly List<Thread> s_threads = [];

    /// <summary>Whether work can be split: the caller has more than one thread for operators. False on the threads themselves.</summary>
    public static bool CanSplit => get_num_threads() > 1;

    /// <summary>Does something to every item, several at a time where <see cref="CanSplit"/>, in the grad and inference mode of the caller.</summary>
    /// <param name="items">The items; work begins in their order.</param>
    /// <param name="body">Called once for each item until one call throws.</param>
    /// <exception cref="Exception">What the first failing call threw, after all running calls have ended.</exception>
    public static void ForEach<T>(IReadOnlyList<T> items, Action<T> body)
    {
        if (Math.Min(get_num_threads(), items.Count) <= 1)
        {
            foreach (var item in items) body(item);
            return;
        }

        using var work = Start(items, body);
        work.Wait();
    }

    /// <summary>Begins to do something to every item while the caller goes on; where not <see cref="CanSplit"/>, it is done on return.</summary>
    /// <param name="items">The items; work begins in their order.</param>
    /// <param name="body">Called once for each item until one call throws, in the grad and inference mode of the caller.</param>
    /// <returns>What to wait for.</returns>
    public static ComputeWork Start<T>(IReadOnlyList<T> items, Action<T> body)
    {
        var work = new ComputeWork(items.Count, at => body(items[at]));
        var threads = Math.Min(get_num_threads(), items.Count);
        if (threads > 0 && CanSplit)
        {
            EnsureStarted(threads);
            work.DoBeside(threads, s_work.Add);
        }
        else
        {
            work.Do();
        }

        return work;
    }

    static void EnsureStarted(int count)
    {
        lock (s_starting)
        {
            if (s_threads.Count >= count) return;
            // The number belongs to a thread, but the last one set is also what threads new to libtorch begin with: it is put back.
            var threads = get_num_threads();
            while (s_threads.Count < count)
            {
                using var ready = new ManualResetEventSlim();
                var thread = new Thread(() => Run(ready)) { IsBackground = true, Name = "MLPipelines compute" };
                // Not with the context of the caller, whom it will outlive.
                thread.UnsafeStart();
                ready.Wait();
                s_threads.Add(thread);
            }

            set_num_threads(threads);
        }
    }

    static void Run(ManualResetEventSlim ready)
    {
        // Asking makes libtorch give the thread its first number; later that would overwrite ours.
        if (get_num_threads() > 1) set_num_threads(1);
        ready.Set();
        foreach (var work in s_work.GetConsumingEnumerable()) work();
    }
}
