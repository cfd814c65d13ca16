using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>The number of threads for operators while a Fit runs on the calling thread.</summary>
/// <remarks>
/// libtorch has one number for each thread, and one for the process with which threads new to it begin; setting the number sets both. Each Fit leaves behind the number from before the
/// first of those that run beside each other: otherwise one that began on a new thread would leave another's to the whole process. Make and dispose it on the thread of the Fit.
/// </remarks>
sealed class TrainingThreads : IDisposable
{
    static readonly Lock s_lock = new();
    static readonly List<TrainingThreads> s_running = [];

    readonly int count;
    readonly int before;

    /// <summary>Sets the number.</summary>
    public TrainingThreads(int count)
    {
        this.count = count;
        lock (s_lock)
        {
            before = get_num_threads();
            // A thread that has the number of a running Fit got it from there.
            if (s_running.LastOrDefault(other => other.count == before) is { } first) before = first.before;
            if (get_num_threads() != count) set_num_threads(count);
            s_running.Add(this);
        }
    }

    /// <summary>Puts back what was before.</summary>
    public void Dispose()
    {
        lock (s_lock)
        {
            if (s_running.Remove(this)) set_num_threads(before);
        }
    }
}
