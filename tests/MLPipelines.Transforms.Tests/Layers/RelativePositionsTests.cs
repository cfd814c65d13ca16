using MLPipelines.Layers;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Layers;

public sealed class RelativePositionsTests
{
    readonly Golden _golden = new("relative_position_ids.json");

    [Fact]
    public void Clipped_distances_match_the_reference()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, Golden.Distance(_golden.Tensor("shaw_ids"), RelativePositions.Clipped(12, 4)));
    }

    [Theory]
    [InlineData(true, "t5_bidirectional_32_128")]
    [InlineData(false, "t5_causal_32_128")]
    public void Buckets_match_the_reference(bool bidirectional, string name)
    {
        using var scope = NewDisposeScope();
        var offsets = _golden["t5_offsets"].EnumerateArray().Select(value => value.GetInt32()).ToList();
        var reach = offsets.Max(Math.Abs);
        var buckets = RelativePositions.Buckets((2 * reach) + 1, bidirectional);
        var expected = _golden[name].EnumerateArray().Select(value => value.GetInt64());
        Assert.Equal(expected, offsets.Select(offset => buckets[reach, reach + offset].item<long>()));
    }

    [Theory]
    [InlineData(0, 32, 128)]
    [InlineData(4, 30, 128)]
    [InlineData(4, 0, 128)]
    [InlineData(4, 32, 8)]
    public void Impossible_tables_are_refused(int length, int buckets, int maximum)
        => Assert.Throws<ArgumentOutOfRangeException>(() => RelativePositions.Buckets(length, bidirectional: true, buckets, maximum));
}
