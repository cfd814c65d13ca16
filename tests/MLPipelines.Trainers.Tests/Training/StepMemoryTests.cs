using System.Globalization;
using MLPipelines.Testing;
using MLPipelines.Trainers.Training;
using TorchSharp;
using Xunit;

namespace MLPipelines.Trainers.Tests.Training;

/// <summary>Whether freed memory is used again shows in the pages that the system has to hand out anew.</summary>
[Collection(ContractCollection.Name)]
public sealed class StepMemoryTests
{
    const int Blocks = 4;
    const int WarmUp = 10;

    [Fact]
    public void Freed_blocks_are_used_again_for_as_long_as_one_instance_lives()
    {
        if (!StepMemory.IsSupported) return; // not the C library of GNU, or its thresholds are set from outside
        long inside;
        using (new StepMemory())
        {
            using (new StepMemory()) Fewest(WarmUp);
            inside = Fewest(2);
        }
        // At the thresholds that are left, every block comes from the system.
        var outside = Fewest(2);
        Assert.True(4 * inside < outside, $"new pages: {inside} inside, {outside} outside");
    }

    [Fact]
    public void Disposing_twice_ends_one_instance_only()
    {
        if (!StepMemory.IsSupported) return;
        using var kept = new StepMemory();
        var other = new StepMemory();
        other.Dispose();
        other.Dispose();
        Fewest(WarmUp);
        var pages = Fewest(2);
        Assert.True(pages < 100, $"{pages} new pages");
    }

    static long Fewest(int times) => Enumerable.Range(0, times).Min(_ => Touch());

    /// <summary>Makes and fills blocks above the highest threshold outside, frees them, and counts this thread's page faults.</summary>
    static long Touch()
    {
        var before = Faults();
        var blocks = Enumerable.Range(0, Blocks).Select(_ => torch.empty([10 << 20], torch.ScalarType.Float32)).ToList(); // 40 MiB each
        foreach (var block in blocks) block.bytes.Fill(1);
        foreach (var block in blocks) block.Dispose();
        return Faults() - before;
    }

    static long Faults() => long.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[7], CultureInfo.InvariantCulture);
}
