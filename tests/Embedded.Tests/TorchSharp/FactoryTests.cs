using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class FactoryTests
{
    [Fact]
    public void The_type_follows_from_the_array()
    {
        Assert.Equal(ScalarType.Bool, tensor(new[] { true }).dtype);
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int8, tensor(new sbyte[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int16, tensor(new short[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int32, tensor(new[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int64, tensor(new[] { 1L }).dtype);
        Assert.Equal(ScalarType.Float16, tensor(new[] { (Half)1 }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new[] { 1f }).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new[] { 1.0 }).dtype);
        Assert.Equal(ScalarType.Float16, tensor(new[] { 1.0 }, dtype: float16).dtype);
    }

    [Fact]
    public void Single_numbers_have_no_axis()
    {
        Assert.Empty(tensor(3f).shape);
        Assert.Equal(3f, tensor(3f).item<float>());
        Assert.Equal(3L, tensor(3L).item<long>());
        Assert.Equal(3, tensor(3).item<int>());
        Assert.Equal(0.25, tensor(0.25).ToDouble());
        Assert.True(tensor(true).ToBoolean());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
        Assert.Throws<ArgumentException>(() => ones(1).item<double>());
    }

    [Fact]
    public void Arrays_take_the_given_shape()
    {
        var numbers = Enumerable.Range(0, 6).Select(i => (float)i).ToArray();
        Expect.Shape(tensor(numbers, 2, 3), 2, 3);
        Expect.Shape(tensor(numbers, [3, 2]), 3, 2);
        Expect.Shape(tensor(new List<float>(numbers)), 6);
        Expect.Shape(tensor(new float[,,] { { { 1, 2 } } }), 1, 1, 2);
        Expect.Equal(tensor(numbers.AsMemory(), [2, 3])[1], 3, 4, 5);
        Expect.Shape(from_array(new double[2, 3]), 2, 3);
        Assert.Equal(ScalarType.Float32, from_array(new double[] { 1 }, ScalarType.Float32).dtype);
        Assert.Throws<ArgumentException>(() => tensor(numbers, [4, 2]));
    }

    [Fact]
    public void The_array_stays_apart_from_the_tensor()
    {
        var numbers = new[] { 1f, 2f };
        var x = tensor(numbers);
        numbers[0] = 9;
        Expect.Equal(x, 1, 2);
    }

    [Fact]
    public void Filled_tensors()
    {
        Expect.Equal(zeros(2), 0, 0);
        Expect.Equal(ones([1, 2], dtype: int64), 1, 1);
        Expect.Equal(full(2, 7, dtype: float64), 7, 7);
        Expect.Shape(empty(2, 3, 4), 2, 3, 4);
        Expect.Shape(zeros(0, 4), 0, 4);
        var like = ones(2, 2, dtype: float64);
        Assert.Equal(ScalarType.Float64, zeros_like(like).dtype);
        Assert.Equal(ScalarType.Int32, like.ones_like(dtype: int32).dtype);
        Expect.Equal(full_like(like, 3), 3, 3, 3, 3);
        Assert.Equal(ScalarType.Float64, like.new_zeros(3).dtype);
        Assert.True(zeros(1, requires_grad: true).requires_grad);
    }

    [Fact]
    public void Ranges()
    {
        Expect.Equal(arange(4), 0, 1, 2, 3);
        Assert.Equal(ScalarType.Int64, arange(4).dtype);
        Expect.Equal(arange(1, 7, 2), 1, 3, 5);
        Assert.Equal(ScalarType.Float32, arange(0, 1, 0.25).dtype);
        Expect.Equal(arange(0, 1, 0.25), 0, 0.25, 0.5, 0.75);
        Assert.Equal(ScalarType.Float32, arange(4, dtype: float32).dtype);
        Expect.Equal(linspace(0, 1, 3), 0, 0.5, 1);
    }
}
