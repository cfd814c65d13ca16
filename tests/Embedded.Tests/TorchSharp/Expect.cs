using TorchSharp;
using static TorchSharp.torch;

namespace Embedded.Tests;

/// <summary>Comparisons of tensors with plain numbers.</summary>
internal static class Expect
{
    internal static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().reshape(-1).data<double>().ToArray();
    }

    internal static void Equal(Tensor actual, params double[] expected) => Close(actual, 1e-6, expected);

    internal static void Close(Tensor actual, double tolerance, params double[] expected)
    {
        var numbers = Numbers(actual);
        Assert.Equal(expected.Length, numbers.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (expected[i].Equals(numbers[i])) continue;
            Assert.True(Math.Abs(expected[i] - numbers[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"element {i}: expected {expected[i]}, got {numbers[i]}");
        }
    }

    internal static void Shape(Tensor actual, params long[] expected) => Assert.Equal(expected, actual.shape);
}
