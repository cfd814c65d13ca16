using TorchSharp;
using Xunit;

namespace MLPipelines.Trainers.Tests;

static class Assertions
{
    public static double[] Doubles(this torch.Tensor tensor)
    {
        using var wide = tensor.detach().to(torch.ScalarType.Float64).contiguous();
        return wide.data<double>().ToArray();
    }

    /// <summary>Every element within absolute + relative · |expected|.</summary>
    public static void Close(double[] expected, double[] actual, double relative, double absolute = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= absolute + relative * Math.Abs(expected[i]),
                $"element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}
