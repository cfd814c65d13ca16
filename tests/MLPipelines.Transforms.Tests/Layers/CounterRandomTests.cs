using MLPipelines.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class CounterRandomTests
{
    const double Probability = 0.1;

    [Theory]
    [InlineData(0L)]
    [InlineData(0x1234_5678_9abc_def0L)]
    [InlineData(long.MaxValue)]
    public void Masks_from_tensor_operators_are_those_from_vector_registers(long key)
    {
        using var scope = NewDisposeScope();
        var memory = new float[1003];
        CounterRandom.FillMask(memory, key, 0.3);
        Assert.Equal(memory, CounterRandom.MaskLike(empty(17, 59), key, 0.3).flatten().data<float>().ToArray());
    }

    [Fact]
    public void Beyond_the_table_masks_are_the_same_on_both_ways_and_do_not_repeat()
    {
        using var scope = NewDisposeScope();
        var memory = new float[CounterRandom.TableLength + 5000];
        CounterRandom.FillMask(memory, 77, Probability);
        Assert.Equal(memory, CounterRandom.MaskLike(empty(memory.Length), 77, Probability).data<float>().ToArray());
        Assert.InRange(Agreement(memory.AsSpan(0, 5000), memory.AsSpan(CounterRandom.TableLength, 5000)), -4.5, 4.5);
    }

    [Fact]
    public void Every_mask_has_its_share_and_neither_neighbours_nor_masks_of_other_keys_are_related()
    {
        var random = new Random(1);
        var masks = Enumerable.Range(0, 40).Select(_ => Mask(random.NextInt64())).ToArray();
        var n = masks[0].Length;
        foreach (var mask in masks)
        {
            Assert.InRange((mask.Count(x => x == 0) - (n * Probability)) / Math.Sqrt(n * Probability * (1 - Probability)), -4.5, 4.5);
            foreach (var lag in (int[])[1, 2, 64, 768, 4096]) Assert.InRange(Agreement(mask.AsSpan(0, n - lag), mask.AsSpan(lag)), -5, 5);
        }

        for (var i = 0; i < masks.Length; i++)
        {
            for (var j = 0; j < i; j++) Assert.InRange(Agreement(masks[i], masks[j]), -5, 5);
        }
    }

    static float[] Mask(long key)
    {
        var mask = new float[1 << 15];
        CounterRandom.FillMask(mask, key, Probability);
        return mask;
    }

    /// <summary>How far from chance two masks agree, in standard deviations.</summary>
    static double Agreement(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++) sum += ((first[i] == 0 ? 1 : 0) - Probability) * ((second[i] == 0 ? 1 : 0) - Probability);
        return sum / (Probability * (1 - Probability) * Math.Sqrt(first.Length));
    }
}
