using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace MLPipelines.Scoring;

/// <summary>Items that <see cref="ComputeThreads"/> work on.</summary>
/// <param name="count">The number of items.</param>
/// <param name="body">Called with the index of each item until one call throws.</param>
sealed class ComputeWork(int count, Action<int> body) : IDisposable
{
    readonly CountdownEvent _running = new(1);
    ExceptionDispatchInfo? _failure;
    int _next = -1;

    /// <summary>Returns when no item is being worked on any more. Call it once.</summary>
    /// <exception cref="Exception">What the first failing call threw.</exception>
    public void Wait()
    {
        _running.Wait();
        _failure?.Throw();
    }

    /// <summary>Waits, and forgets a failure.</summary>
    public void Dispose()
    {
        _running.Wait();
        _running.Dispose();
    }

    /// <summary>Works on the calling thread.</summary>
    internal void Do() => Do(mode: null);

    /// <summary>Has other threads work, in the grad and inference mode of the caller.</summary>
    /// <param name="threads">How many threads, at least 1.</param>
    /// <param name="start">Has a thread do something.</param>
    internal void DoBeside(int threads, Action<Action> start)
    {
        var (inference, grad) = (is_inference_mode_enabled(), is_grad_enabled());
        _running.Reset(threads);
        for (var i = 0; i < threads; i++) start(() => Do(() => inference ? inference_mode() : set_grad_enabled(grad)));
    }

    void Do(Func<IDisposable>? mode)
    {
        try
        {
            using var entered = mode?.Invoke();
            for (var at = Interlocked.Increment(ref _next); at < count && _failure is null; at = Interlocked.Increment(ref _next)) body(at);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
        }
        finally
        {
            _running.Signal();
        }
    }
}
