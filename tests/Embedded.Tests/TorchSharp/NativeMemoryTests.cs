using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

[Collection(NativeMemoryCollection.Name)]
public sealed class NativeMemoryTests
{
    private const string RealHandlesAreBare = "TorchSharp's own tensors are bare pointers: disposing one that another thread uses ends the process";

    private static void Settle()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Fact]
    public void Tensors_are_counted_from_creation_to_dispose()
    {
        Settle();
        var before = Tensor.TotalCount;
        var x = ones(1);
        var same = x.alias();
        Assert.Equal(before + 2, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= before + 2);
        x.Dispose();
        Expect.Equal(same, 1);
        same.Dispose();
        Settle();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Forgotten_tensors_are_finalized()
    {
        Settle();
        var before = Tensor.TotalCount;
        Forget(1000);
        Settle();
        Assert.True(Tensor.TotalCount <= before + 10, $"{Tensor.TotalCount - before} of 1000 tensors are still there");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(int count)
        {
            for (var i = 0; i < count; i++) ones(1);
        }
    }

    [Fact]
    public void Memory_is_given_back_at_once()
    {
        var before = Environment.WorkingSet;
        for (var i = 0; i < 40; i++)
        {
            // 2 times 64 MiB each time
            using var x = ones(16 << 20);
            using var y = x + 1;
        }
        Assert.True(Environment.WorkingSet < before + (1L << 30), $"the process grew from {before} to {Environment.WorkingSet} bytes");
    }

    [Fact]
    public void Training_steps_leave_no_tensor_behind()
    {
        using var module = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 1));
        using var x = ones(3, 4);
        void Step()
        {
            using var scope = NewDisposeScope();
            module.call(x).sum().backward();
            foreach (var parameter in module.parameters()) parameter.grad!.mul_(0.5);
            module.zero_grad();
        }
        Step();
        Settle();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 50; i++) Step();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Threads_work_side_by_side()
    {
        using var shared = ones(64, 64);
        Settle();
        var before = Tensor.TotalCount;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var scope = NewDisposeScope();
                Assert.Equal(64f * 64 * 64, shared.matmul(shared).sum().item<float>());
            }
        });
        Assert.Equal(before, Tensor.TotalCount);
    }

    [EmbeddedFact(RealHandlesAreBare)]
    public void Disposing_from_many_threads_frees_once()
    {
        for (var round = 0; round < 200; round++)
        {
            var x = ones(100);
            var users = Enumerable.Range(0, 4).Select(i => new Thread(() =>
            {
                try
                {
                    for (var k = 0; k < 20; k++)
                    {
                        using var y = x + i;
                        using var z = stack([x, y]);
                    }
                }
                catch (InvalidOperationException)
                {
                    // Disposed before or while it was taken up: the only answer allowed besides a result.
                }
            })).ToList();
            users.AddRange(Enumerable.Range(0, 2).Select(_ => new Thread(x.Dispose)));
            foreach (var user in users) user.Start();
            foreach (var user in users) user.Join();
            Assert.True(x.IsInvalid);
        }
    }

    [EmbeddedFact("The published TorchSharp leaves the count to the libtorch that it comes with.")]
    public void A_process_starts_with_more_than_one_thread_where_there_are_more_processors()
    {
        var wanted = Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 } set ? int.Parse(set, System.Globalization.CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        Assert.InRange(get_num_threads(), Math.Min(wanted, 2), Math.Max(wanted, 1));
    }

    [Fact]
    public void The_first_call_of_a_function_leaves_the_number_of_threads_alone()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(Environment.ProcessorCount + 1);
            // Functions that hardly any other test calls: the runtime looks the library up again for each.
            _ = get_num_interop_threads();
            _ = backends.cuda.matmul.allow_tf32;
            Assert.Equal(Environment.ProcessorCount + 1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void The_thread_count_can_be_set()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(2);
            Assert.Equal(2, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
