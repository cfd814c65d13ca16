using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

public sealed class DtypeTests
{
    [Fact]
    public void Bfloat16_keeps_eight_bits_of_precision()
    {
        var x = tensor(new[] { 1f, 1.00390625f, 3.14159274f }).to(bfloat16);
        Assert.Equal(2, x.element_size());
        Expect.Equal(x, 1, 1, 3.140625);
        Expect.Equal(x.matmul(x.unsqueeze(1)).to(float32), 11.875);
        Assert.Equal([128, 63, 128, 63, 73, 64], x.bytes.ToArray());
    }

    [Fact]
    public void Half_precision_is_read_as_half()
    {
        var x = tensor(new[] { (Half)0.1, (Half)65504 });
        Assert.Equal((Half)0.1, x[0].item<Half>());
        Expect.Equal(x.to(float32), (float)(Half)0.1, 65504);
        Assert.Equal(float.PositiveInfinity, (x.to(float32) * 2).to(float16).to(float32)[1].item<float>());
    }

    [Fact]
    public void Conversion_goes_between_all_types()
    {
        foreach (var type in new[] { uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64 })
        {
            using var x = tensor(new[] { 1f, 2f }).to(type);
            Assert.Equal(type, x.dtype);
            Expect.Equal(x, 1, 2);
        }
        Assert.Equal([false, true], tensor(new[] { 0f, 2f }).to(ScalarType.Bool).data<bool>().ToArray());
        Assert.Equal(2, (int)tensor(2.9f));
        Assert.Equal(2.5, (double)tensor(2.5f));
    }

    [Fact]
    public void Types_know_their_kind()
    {
        Assert.True(is_floating_point(bfloat16));
        Assert.False(is_floating_point(int64));
        Assert.True(is_integral(int32));
        Assert.True(ones(1, dtype: float16).is_floating_point());
        Assert.Equal(ScalarType.Float32, get_default_dtype());
    }

    [Fact]
    public void Meta_tensors_have_a_shape_and_no_data()
    {
        var x = zeros(1000000, 1000000, device: META);
        Assert.True(x.is_meta);
        Assert.Equal([1000000, 5], x.matmul(zeros(1000000, 5, device: META)).shape);
        var module = nn.Linear(10, 10, device: META);
        Assert.True(module.parameters().All(parameter => parameter.is_meta));
    }

    [Fact]
    public void Devices_are_described_in_words()
    {
        Assert.Equal("cpu", CPU.ToString());
        Assert.Equal("cuda:1", new Device("cuda:1").ToString());
        Assert.Equal(1, new Device("cuda:1").index);
        Assert.Equal(DeviceType.META, new Device("meta").type);
        Assert.Throws<ArgumentException>(() => new Device("abacus"));
        Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
        if (!cuda.is_available()) Assert.Throws<InvalidOperationException>(() => device("cuda:0"));
    }
}
