using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class IndexingTests
{
    private static Tensor Cube => arange(24, dtype: ScalarType.Float32).reshape(2, 3, 4);

    [Fact]
    public void Numbers_pick_and_drop_an_axis()
    {
        Expect.Shape(Cube[1], 3, 4);
        Expect.Equal(Cube[1, 2], 20, 21, 22, 23);
        Expect.Equal(Cube[-1, -1, -1], 23);
        Expect.Equal(Cube[TensorIndex.Ellipsis, 0], 0, 4, 8, 12, 16, 20);
        Expect.Equal(Cube[0, TensorIndex.Colon, 1], 1, 5, 9);
    }

    [Fact]
    public void Slices_keep_the_axis()
    {
        Expect.Equal(Cube[TensorIndex.Colon, TensorIndex.Slice(1, 2), TensorIndex.Slice(2)], 6, 7, 18, 19);
        Expect.Equal(Cube[0, 0, TensorIndex.Slice(null, null, 2)], 0, 2);
        Expect.Shape(Cube[.., 1..], 2, 2, 4);
        Expect.Shape(Cube[TensorIndex.None, TensorIndex.Ellipsis], 1, 2, 3, 4);
        Expect.Shape(Cube[TensorIndex.Ellipsis, TensorIndex.Null], 2, 3, 4, 1);
        Expect.Equal(Cube.slice(2, 1, 4, 2)[0, 0], 1, 3);
        Expect.Equal(Cube.narrow(1, 1, 1)[0], 4, 5, 6, 7);
    }

    [Fact]
    public void Masks_and_index_tensors_gather()
    {
        var x = Cube;
        Expect.Equal(x[x > 21], 22, 23);
        Expect.Equal(x[tensor(new long[] { 1, 0 }), tensor(new long[] { 2, 1 })], 20, 21, 22, 23, 4, 5, 6, 7);
        var rows = TensorIndex.Tensor(tensor(new long[] { 2, 0 }));
        Expect.Equal(x[TensorIndex.Ellipsis, rows, TensorIndex.Single(3)], 11, 3, 23, 15);
        Expect.Shape(x[TensorIndex.Colon, rows], 2, 2, 4);
        Expect.Shape(x[TensorIndex.Tensor(tensor(new[] { false, true })), TensorIndex.Slice(0, 2)], 1, 2, 4);
        var pairs = ones(2, 3, ScalarType.Bool);
        pairs[0] = tensor(false);
        Expect.Shape(x[pairs], 3, 4);
        Expect.Equal(x.index_select(2, tensor(new long[] { 3, 0 }))[0, 0], 3, 0);
        Expect.Equal(x[0].gather(1, tensor(new long[,] { { 0 }, { 1 }, { 2 } })), 0, 5, 10);
        Expect.Equal(x.masked_select(x < 2), 0, 1);
        Expect.Equal(x.take(tensor(new long[] { 5, 23 })), 5, 23);
    }

    [Fact]
    public void Assignment_changes_the_tensor()
    {
        var x = zeros(2, 3);
        x[0] = tensor(new[] { 1f, 2f, 3f });
        x[1, 2] = tensor(9f);
        x[TensorIndex.Colon, TensorIndex.Slice(0, 1)] = tensor(7f);
        Expect.Equal(x, 7, 2, 3, 7, 0, 9);
        x[x.eq(7)] = tensor(-1f);
        Expect.Equal(x, -1, 2, 3, -1, 0, 9);
        x.index_put_(tensor(5f), TensorIndex.Tensor(tensor(new long[] { 0, 1 })), TensorIndex.Tensor(tensor(new long[] { 1, 1 })));
        Expect.Equal(x, -1, 5, 3, -1, 5, 9);
    }

    [Fact]
    public void Scattering_is_the_inverse_of_gathering()
    {
        var index = tensor(new long[,] { { 0, 2 }, { 1, 1 } });
        var source = tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        Expect.Equal(zeros(2, 3).scatter_(1, tensor(new long[,] { { 0, 2 }, { 1, 0 } }), source), 1, 0, 2, 4, 3, 0);
        Expect.Equal(zeros(2, 3).scatter_add_(1, index, source), 1, 0, 2, 0, 7, 0);
        Expect.Equal(zeros(3, 2).index_add_(0, tensor(new long[] { 2, 2 }), source, 1), 0, 0, 0, 0, 4, 6);
        Expect.Equal(zeros(3).index_fill_(0, tensor(new long[] { 1 }), 4), 0, 4, 0);
        Expect.Equal(zeros(3, 2).index_copy_(0, tensor(new long[] { 2, 0 }), source), 3, 4, 0, 0, 1, 2);
    }

    [Fact]
    public void Masks_choose_between_values()
    {
        var x = tensor(new[] { 1f, -2f, 3f });
        Expect.Equal(x.masked_fill(x < 0, 0), 1, 0, 3);
        Expect.Equal(where(x > 0, x, zeros_like(x)), 1, 0, 3);
        Expect.Equal(x.where(x > 0, x * 10), 1, -20, 3);
        Expect.Equal(x.nonzero(), 0, 1, 2);
        x.masked_fill_(x < 0, double.NegativeInfinity);
        Expect.Equal(x, 1, double.NegativeInfinity, 3);
    }

    [Fact]
    public void Elements_are_read_in_row_major_order_whatever_the_strides()
    {
        using var data = Cube[0].t().data<float>();
        Assert.Equal(12, data.Count);
        Assert.Equal([0f, 4, 8, 1], data.ToArray().Take(4));
        Assert.Equal([0f, 4, 8, 1], data.Take(4));
        Assert.Equal(8, data[0, 2]);
        var array = (float[,])Cube[0].data<float>().ToNDArray();
        Assert.Equal(6, array[1, 2]);
        Assert.Throws<ArgumentException>(() => Cube.data<double>());
    }

    [Fact]
    public void Bytes_are_the_memory_itself()
    {
        var x = tensor(new[] { 1f, 2f });
        Assert.Equal([0, 0, 128, 63, 0, 0, 0, 64], x.bytes.ToArray());
        x.bytes = new byte[] { 0, 0, 0, 64, 0, 0, 128, 63 };
        Expect.Equal(x, 2, 1);
    }
}
