using MLPipelines.Testing;
using MLPipelines.Trainers.Training;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Training;

[Collection(ContractCollection.Name)]
public sealed class TrainingThreadsTests : IDisposable
{
    readonly int before = get_num_threads();

    public TrainingThreadsTests() => set_num_threads(3);

    public void Dispose() => set_num_threads(before);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fits_beside_each_other_leave_the_number_from_before_them(bool firstEndsFirst)
    {
        using var started = new ManualResetEventSlim();
        using var finish = new ManualResetEventSlim();
        var first = new TrainingThreads(1);
        var other = OnNewThread(() =>
        {
            using var second = new TrainingThreads(2);
            Assert.Equal(2, get_num_threads());
            started.Set();
            finish.Wait();
        });
        started.Wait();
        Assert.Equal(1, get_num_threads());
        if (firstEndsFirst) first.Dispose();
        finish.Set();
        other.Join();
        first.Dispose();
        Assert.Equal(3, get_num_threads());
        var seen = 0;
        OnNewThread(() => seen = get_num_threads()).Join();
        Assert.Equal(3, seen);
    }

    [Fact]
    public void A_thread_with_a_number_of_its_own_keeps_it()
    {
        using var first = new TrainingThreads(1);
        var after = 0;
        OnNewThread(() =>
        {
            set_num_threads(5);
            new TrainingThreads(2).Dispose();
            after = get_num_threads();
        }).Join();
        Assert.Equal(5, after);
    }

    static Thread OnNewThread(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        return thread;
    }
}
