using System.Collections.Concurrent;
using MLPipelines.Scoring;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Scoring;

[Collection("thread count")]
public sealed class ComputeThreadsTests : IDisposable
{
    readonly int _before = get_num_threads();

    public ComputeThreadsTests() => set_num_threads(3);

    public void Dispose() => set_num_threads(_before);

    [Fact]
    public void Every_item_is_done_once_on_a_thread_of_its_own()
    {
        var seen = new ConcurrentBag<(int Item, int Threads, bool Inference, bool Grad)>();
        using (inference_mode()) ComputeThreads.ForEach([.. Enumerable.Range(0, 50)], item => seen.Add((item, get_num_threads(), is_inference_mode_enabled(), is_grad_enabled())));
        Assert.Equal(Enumerable.Range(0, 50), seen.Select(entry => entry.Item).Order());
        Assert.All(seen, entry => Assert.Equal((1, true, false), (entry.Threads, entry.Inference, entry.Grad)));
        Assert.Equal(3, get_num_threads());
    }

    [Fact]
    public void Threads_of_others_keep_their_number()
    {
        ComputeThreads.ForEach([1, 2, 3], _ => { });
        var threads = 0;
        var other = new Thread(() => threads = get_num_threads());
        other.Start();
        other.Join();
        Assert.Equal(3, threads);
    }

    [Fact]
    public void The_first_failure_reaches_the_caller_and_the_threads_live_on()
    {
        var error = Assert.Throws<FormatException>(() => ComputeThreads.ForEach([.. Enumerable.Range(0, 20)], item =>
        {
            if (item == 4) throw new FormatException("item 4");
        }));
        Assert.Equal("item 4", error.Message);
        var done = 0;
        ComputeThreads.ForEach([.. Enumerable.Range(0, 20)], _ => Interlocked.Increment(ref done));
        Assert.Equal(20, done);
    }

    [Fact]
    public void The_caller_goes_on_while_work_is_done()
    {
        using var go = new ManualResetEventSlim();
        var done = 0;
        using var work = ComputeThreads.Start([1, 2, 3, 4], _ =>
        {
            go.Wait();
            Interlocked.Increment(ref done);
        });
        var early = done;
        go.Set();
        work.Wait();
        Assert.Equal((0, 4), (early, done));
    }

    [Fact]
    public void Work_that_fails_says_so_when_it_is_waited_for()
    {
        using var failing = ComputeThreads.Start([1], _ => throw new FormatException("no"));
        Assert.Equal("no", Assert.Throws<FormatException>(failing.Wait).Message);
        ComputeThreads.Start([1], _ => throw new FormatException("nobody asks")).Dispose();
        set_num_threads(1);
        using var own = ComputeThreads.Start([1], _ => throw new FormatException("here"));
        Assert.Equal("here", Assert.Throws<FormatException>(own.Wait).Message);
    }

    [Fact]
    public void Threads_do_not_keep_what_belongs_to_the_call_that_started_them()
    {
        var ambient = new AsyncLocal<string?> { Value = "a request" };
        set_num_threads(40); // more than any test before has started
        var seen = new ConcurrentBag<string?>();
        using var all = new CountdownEvent(40);
        ComputeThreads.ForEach([.. Enumerable.Range(0, 40)], _ =>
        {
            seen.Add(ambient.Value);
            all.Signal();
            all.Wait(TimeSpan.FromSeconds(60)); // so that every thread takes part
        });
        Assert.True(all.IsSet);
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public void Work_inside_work_stays_on_its_thread()
    {
        var done = 0;
        ComputeThreads.ForEach([1, 2, 3, 4], _ =>
        {
            var thread = Environment.CurrentManagedThreadId;
            ComputeThreads.ForEach([1, 2, 3], _ => Interlocked.Add(ref done, thread == Environment.CurrentManagedThreadId ? 1 : 100));
        });
        Assert.Equal(12, done);
    }

    [Fact]
    public void One_thread_is_the_callers()
    {
        set_num_threads(1);
        Assert.False(ComputeThreads.CanSplit);
        var thread = 0;
        ComputeThreads.ForEach([1, 2], _ => thread = Environment.CurrentManagedThreadId);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }
}
