using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class ShapeTests
{
    private static Tensor Cube => arange(24, dtype: ScalarType.Float32).reshape(2, 3, 4);

    [Fact]
    public void Metadata_describes_the_tensor()
    {
        var x = Cube;
        Assert.Equal([2, 3, 4], x.shape);
        Assert.Equal([12, 4, 1], x.stride());
        Assert.Equal(3, x.dim());
        Assert.Equal(24, x.numel());
        Assert.Equal(4, x.element_size());
        Assert.Equal(4, x.size(-1));
        Assert.Equal(DeviceType.CPU, x.device_type);
        Assert.True(x.is_contiguous());
        Assert.False(x.transpose(0, 1).is_contiguous());
        Assert.True(x.transpose(0, 1).contiguous().is_contiguous());
        Assert.Equal(4, x[0, 1].storage_offset());
        Assert.Equal("[2x3x4], type = Float32, device = cpu", x.ToString());
    }

    [Fact]
    public void Views_share_memory()
    {
        var x = Cube;
        x.view(6, 4).select(0, 1).fill_(100);
        Expect.Equal(x[0, 1], 100, 100, 100, 100);
        using var clone = x.clone();
        clone.zero_();
        Expect.Equal(x[0, 1, 0], 100);
    }

    [Fact]
    public void Axes_are_moved_added_and_dropped()
    {
        var x = Cube;
        Expect.Shape(x.transpose(1, 2), 2, 4, 3);
        Expect.Shape(x.permute(2, 0, 1), 4, 2, 3);
        Expect.Shape(x.unsqueeze(0), 1, 2, 3, 4);
        Expect.Shape(x.unsqueeze(0).squeeze(0), 2, 3, 4);
        Expect.Shape(x.reshape(1, 1, 24).squeeze(), 24);
        Expect.Shape(x.flatten(1), 2, 12);
        Expect.Shape(x.flatten(0, 1).unflatten(0, 2, 3), 2, 3, 4);
        Assert.Throws<ArgumentException>(() => x.unflatten(-1, 2, 2));
        Expect.Shape(x.reshape(-1, 2), 12, 2);
        Expect.Shape(x.movedim([0], [2]), 3, 4, 2);
        Expect.Equal(x.permute(2, 0, 1)[1, 1, 2], 21);
        Expect.Shape(x[0].t(), 4, 3);
    }

    [Fact]
    public void Repetition_copies_or_pretends_to()
    {
        var x = tensor(new[] { 1f, 2f });
        Expect.Equal(x.repeat(2, 2), 1, 2, 1, 2, 1, 2, 1, 2);
        Expect.Equal(x.repeat_interleave(2), 1, 1, 2, 2);
        Expect.Equal(x.repeat_interleave(tensor(new long[] { 3, 1 })), 1, 1, 1, 2);
        Expect.Equal(x.unsqueeze(1).expand(2, 3), 1, 1, 1, 2, 2, 2);
        Expect.Shape(x.broadcast_to(4, 2), 4, 2);
        Expect.Equal(x.roll(1), 2, 1);
        Expect.Equal(x.flip(0), 2, 1);
    }

    [Fact]
    public void Splitting_and_joining_are_inverse()
    {
        var x = Cube;
        Assert.True(cat(x.split(1, 1), 1).Equals(x));
        Assert.True(cat(x.split([1, 3], 2), 2).Equals(x));
        Assert.True(stack(x.unbind(1), 1).Equals(x));
        Assert.True(cat(x.chunk(2, 2), 2).Equals(x));
        Assert.Equal([2, 1], x.chunk(2, 1).Select(part => part.shape[1]));
        Expect.Shape(stack([x, x], 0), 2, 2, 3, 4);
        Expect.Shape(vstack([ones(1, 2), ones(2, 2)]), 3, 2);
    }

    [Fact]
    public void Triangles_are_cut_at_the_diagonal()
    {
        var x = ones(3, 3);
        Expect.Equal(x.tril(), 1, 0, 0, 1, 1, 0, 1, 1, 1);
        Expect.Equal(x.triu(1), 0, 1, 1, 0, 0, 1, 0, 0, 0);
        Expect.Equal(eye(2), 1, 0, 0, 1);
        Expect.Equal(eye(2).diagonal(0, 0, 1), 1, 1);
        Expect.Equal(tril_indices(2, 2), 0, 1, 1, 0, 0, 1);
    }

    [Fact]
    public void Padding_adds_values_at_the_ends()
    {
        var x = ones(1, 2);
        Expect.Equal(nn.functional.pad(x, (1, 2), value: 7), 7, 1, 1, 7, 7);
        Expect.Shape(nn.functional.pad(x, (1, 0, 0, 1)), 2, 3);
        Expect.Shape(nn.functional.pad(x, [0, 3]), 1, 5);
    }
}
