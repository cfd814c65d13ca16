using MLPipelines.Trainers.Training;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Training;

public sealed class TrainingStateTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlp-state-").FullName;

    [Fact]
    public void A_state_is_written_without_a_copy_of_its_tensors()
    {
        const int Megabytes = 64;
        using var scope = NewDisposeScope();
        var weights = ones([Megabytes << 18]);
        var checkpoint = new TrainingCheckpoint(folder, TimeSpan.Zero, []);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var state = TrainingState.ToWrite(scope);
        state.Part("model").Put("weights", weights);
        checkpoint.Save(state);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) >> 20;
        Assert.True(allocated < Megabytes / 4, $"{allocated} MiB of managed memory for {Megabytes} MiB of weights");
        using var read = checkpoint.Load()!.Part("model").Tensor("weights");
        Assert.Equal(Megabytes << 18, read.sum(ScalarType.Float64).item<double>());
    }

    [Fact]
    public void A_tensor_may_be_disposed_as_soon_as_it_was_put()
    {
        using var outer = NewDisposeScope();
        var state = TrainingState.ToWrite(outer);
        using (NewDisposeScope()) state.Put("a", arange(5, dtype: ScalarType.Float32));
        using (var b = arange(3, dtype: ScalarType.Int64)) state.Put("b", b);
        var checkpoint = new TrainingCheckpoint(folder, TimeSpan.Zero, []);
        checkpoint.Save(state);
        var loaded = checkpoint.Load()!;
        using var first = loaded.Tensor("a");
        Assert.Equal([0.0, 1, 2, 3, 4], first.Doubles());
        Assert.Equal([0L, 1, 2], loaded.Integers("b"));
    }

    [Fact]
    public void A_state_that_is_kept_holds_what_tensors_were()
    {
        var state = new TrainingState();
        using var value = ones([2]);
        state.Put("a", value);
        value.zero_();
        using var kept = state.Tensor("a");
        Assert.Equal([1.0, 1], kept.Doubles());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
