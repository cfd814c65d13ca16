using static TorchSharp.torch;

namespace MLPipelines.Benchmarks;

/// <summary>One comparison of numbers.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Tolerance">The largest difference that is none.</param>
/// <param name="Difference">Computes the difference; called inside a dispose scope.</param>
internal sealed record Check(string Name, double Tolerance, Func<double> Difference);

/// <summary>Runs comparisons, one JSON object each. One that fails does not keep the others from running.</summary>
internal static class Checks
{
    /// <summary>The exit code: 0 where all agree.</summary>
    internal static int Run(IEnumerable<Check> checks)
    {
        var (all, failed) = (0, 0);
        foreach (var check in checks)
        {
            all++;
            using var scope = NewDisposeScope();
            try
            {
                var difference = check.Difference();
                var agrees = difference <= check.Tolerance; // not for NaN
                failed += agrees ? 0 : 1;
                Measure.Print(new { check = check.Name, largest_difference = double.IsFinite(difference) ? difference : (object)$"{difference}", tolerance = check.Tolerance, agrees });
            }
#pragma warning disable CA1031 // Whatever goes wrong on a device is a result.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failed++;
                Measure.Print(new { check = check.Name, agrees = false, error = error.ToString() });
            }
        }

        Measure.Print(new { checks = all, failed });
        return failed == 0 && all > 0 ? 0 : 1;
    }

    /// <summary>The largest absolute difference; 0 for tensors without elements.</summary>
    internal static double Distance(Tensor actual, Tensor expected)
    {
        if (!actual.shape.SequenceEqual(expected.shape))
        {
            throw new InvalidOperationException($"shapes differ: expected [{string.Join(", ", expected.shape)}], got [{string.Join(", ", actual.shape)}]");
        }

        return actual.numel() == 0 ? 0 : Exact(actual).sub(Exact(expected)).abs().max().item<double>();
    }

    /// <summary>The same, relative to the largest number expected.</summary>
    internal static double RelativeDistance(Tensor actual, Tensor expected) => Distance(actual, expected) / Math.Max(1e-30, Exact(expected).abs().max().item<double>());

    private static Tensor Exact(Tensor tensor) => (tensor.is_sparse ? tensor.to_dense() : tensor).detach().to(CPU).to(ScalarType.Float64);
}
