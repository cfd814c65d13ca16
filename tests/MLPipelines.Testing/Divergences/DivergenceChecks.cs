using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>The checks of the divergence contract.</summary>
static class DivergenceChecks
{
    public static IEnumerable<ContractCheck<DivergenceContractCase>> All =>
    [
        new(EqualsPlainImplementation), new(GradientsEqualFiniteDifferences), new(EqualAnswersHaveNone), new(ArgumentsMayBeExchanged), new(MissingClassesChangeNothing),
        new(IsFiniteForExtremeScores), new(RowsWithoutClassesAreAllowed), new(NarrowTypesAreWidened), new(MaskIsOptional), new(InputsAreLeftAlone), new(GlobalStateIsUntouched), new(FreesNativeMemory),
    ];

    public static void EqualsPlainImplementation(DivergenceContractCase @case)
    {
        foreach (var sample in Enumerable.Range(1, 5).Select(seed => DivergenceSample.Random(seed)))
        {
            Near(@case.Reference(sample.First, sample.Second, sample.Exists), sample.Value(@case), 1e-10, "the divergence in float64 differs from the plain implementation");
            Near(@case.Reference(sample.First, sample.Second, sample.Exists), sample.Value(@case, ScalarType.Float32), 1e-5, "the divergence in float32 differs from the plain implementation");
            Near(@case.ReferenceFrom(sample.First, sample.Second, sample.Exists), sample.Value(@case, symmetric: false), 1e-10, "one direction of the divergence differs from the plain implementation");
        }
    }

    public static void GradientsEqualFiniteDifferences(DivergenceContractCase @case)
    {
        const double Step = 1e-5;
        foreach (var symmetric in new[] { true, false })
        {
            var sample = DivergenceSample.Random(11);
            var (first, second) = sample.Gradients(@case, symmetric);
            sample.Each((row, c) =>
            {
                Near((Moved(row, c, Step, 0) - Moved(row, c, -Step, 0)) / (2 * Step), first[row, c], 1e-6, $"the gradient of the first score [{row}, {c}] differs from finite differences");
                Near((Moved(row, c, 0, Step) - Moved(row, c, 0, -Step)) / (2 * Step), second[row, c], 1e-6, $"the gradient of the second score [{row}, {c}] differs from finite differences");
            });

            double Moved(int row, int c, double up, double side) => sample.With((s, r, k) =>
            {
                if (r == row && k == c) (s.First[r, k], s.Second[r, k]) = (s.First[r, k] + up, s.Second[r, k] + side);
            }).Value(@case, symmetric: symmetric);
        }
    }

    public static void EqualAnswersHaveNone(DivergenceContractCase @case)
    {
        var same = DivergenceSample.Random(21).With((s, row, c) => s.Second[row, c] = s.First[row, c]);
        Require.That(same.Value(@case) == 0 && same.Value(@case, symmetric: false) == 0, "equal answers have a divergence other than 0");
        var (first, second) = same.Gradients(@case);
        same.Each((row, c) => Require.That(Math.Abs(first[row, c]) < 1e-12 && Math.Abs(second[row, c]) < 1e-12, "equal answers have a gradient"));
        foreach (var seed in Enumerable.Range(1, 5)) Require.That(DivergenceSample.Random(seed).Value(@case) > 0, "different answers have no divergence");
    }

    public static void ArgumentsMayBeExchanged(DivergenceContractCase @case)
    {
        var sample = DivergenceSample.Random(31);
        var exchanged = new DivergenceSample(sample.Second, sample.First, sample.Exists);
        Near(sample.Value(@case), exchanged.Value(@case), 1e-12, "the divergence depends on the order of the answers");
        var (first, second) = sample.Gradients(@case);
        var (exchangedFirst, exchangedSecond) = exchanged.Gradients(@case);
        sample.Each((row, c) =>
        {
            Near(first[row, c], exchangedSecond[row, c], 1e-12, "the gradient depends on the order of the answers");
            Near(second[row, c], exchangedFirst[row, c], 1e-12, "the gradient depends on the order of the answers");
        });
    }

    public static void MissingClassesChangeNothing(DivergenceContractCase @case)
    {
        var sample = DivergenceSample.Random(41);
        foreach (var missing in new[] { 50, double.NegativeInfinity, double.PositiveInfinity })
        {
            var changed = sample.With((s, row, c) => s.First[row, c] = s.Exists[row, c] ? s.First[row, c] : missing);
            Near(sample.Value(@case), changed.Value(@case), 1e-12, $"a class that does not exist, with a score of {missing}, changed the divergence");
            RequireNoGradient(@case, changed, sample.Exists);
            // An infinite score says by itself that the class does not exist.
            var unmasked = changed.With((s, row, c) => s.Exists[row, c] = true);
            if (!double.IsInfinity(missing)) continue;
            Near(sample.Value(@case), unmasked.Value(@case), 1e-12, $"a class with a score of {missing} in one answer changed the divergence");
            RequireNoGradient(@case, unmasked, sample.Exists);
        }
    }

    public static void IsFiniteForExtremeScores(DivergenceContractCase @case)
    {
        foreach (var extreme in new[] { 1e4, -1e4, 100 })
        {
            var sample = DivergenceSample.Random(51).With((s, row, c) =>
            {
                if ((row + c) % 2 == 0) s.First[row, c] = extreme;
                if (c % 3 == 0) s.Second[row, c] = -extreme;
            });
            var (first, second) = sample.Gradients(@case);
            Require.That(double.IsFinite(sample.Value(@case, ScalarType.Float32)), $"the divergence is not finite for scores of {extreme}");
            sample.Each((row, c) => Require.That(double.IsFinite(first[row, c]) && double.IsFinite(second[row, c]), $"the gradient is not finite for scores of {extreme}"));
            Near(@case.Reference(sample.First, sample.Second, sample.Exists), sample.Value(@case), 1e-10, $"the divergence for scores of {extreme} differs from the plain implementation");
        }
    }

    public static void RowsWithoutClassesAreAllowed(DivergenceContractCase @case)
    {
        var sample = DivergenceSample.Random(61).With((s, row, c) => s.Exists[row, c] &= row > 0);
        Near(@case.Reference(sample.First, sample.Second, sample.Exists), sample.Value(@case), 1e-10, "the divergence with a row in which no class exists differs from the plain implementation");
        RequireNoGradient(@case, sample, sample.Exists);
    }

    public static void NarrowTypesAreWidened(DivergenceContractCase @case)
    {
        using var scope = NewDisposeScope();
        var sample = DivergenceSample.Random(71);
        var (first, second) = (sample.Scores(sample.First, ScalarType.BFloat16), sample.Scores(sample.Second, ScalarType.BFloat16));
        var narrow = @case.Divergence.Compute(first, second, sample.Mask());
        Require.Equal(ScalarType.Float32, narrow.dtype, "the type of the divergence of bfloat16 scores");
        var wide = @case.Divergence.Compute(first.to(ScalarType.Float32), second.to(ScalarType.Float32), sample.Mask());
        Near(wide.ToDouble(), narrow.ToDouble(), 0, "bfloat16 scores are not summed in float32");
    }

    public static void MaskIsOptional(DivergenceContractCase @case)
    {
        using var scope = NewDisposeScope();
        var sample = DivergenceSample.Random(81).With((s, row, c) => s.Exists[row, c] = true);
        var value = @case.Divergence.Compute(sample.Scores(sample.First, ScalarType.Float64), sample.Scores(sample.Second, ScalarType.Float64)).item<double>();
        Near(sample.Value(@case), value, 1e-12, "no mask differs from a mask that is true everywhere");
    }

    public static void InputsAreLeftAlone(DivergenceContractCase @case)
    {
        using var scope = NewDisposeScope();
        var sample = DivergenceSample.Random(91);
        Tensor[] inputs = [sample.Scores(sample.First, ScalarType.Float32), sample.Scores(sample.Second, ScalarType.Float32), sample.Mask()];
        var before = inputs.Select(input => input.clone()).ToArray();
        using var value = @case.Divergence.Compute(inputs[0], inputs[1], inputs[2]);
        Require.That(value.Dimensions == 0, "the divergence is not a scalar");
        Require.That(inputs.All(input => !input.IsInvalid), "the divergence disposed an input");
        Require.That(inputs.Zip(before).All(pair => pair.First.eq(pair.Second).all().item<bool>()), "the divergence changed an input");
    }

    public static void GlobalStateIsUntouched(DivergenceContractCase @case)
    {
        var before = TorchState.Capture();
        DivergenceSample.Random(101).Gradients(@case);
        before.RequireUnchanged("the divergence");
    }

    public static void FreesNativeMemory(DivergenceContractCase @case)
    {
        var sample = DivergenceSample.Random(111);
        using var first = sample.Scores(sample.First, ScalarType.Float32);
        using var second = sample.Scores(sample.Second, ScalarType.Float32);
        using var mask = sample.Mask();
        NativeMemory.RequireNoLeak("the divergence", 50, () =>
        {
            @case.Divergence.Compute(first, second, mask).Dispose();
            @case.Divergence.ComputeFrom(first, second, mask).Dispose();
        });
    }

    static void RequireNoGradient(DivergenceContractCase @case, DivergenceSample sample, bool[,] exists)
    {
        foreach (var symmetric in new[] { true, false })
        {
            var (first, second) = sample.Gradients(@case, symmetric);
            sample.Each((row, c) =>
            {
                Require.That(double.IsFinite(first[row, c]) && double.IsFinite(second[row, c]), "the gradient is not finite");
                Require.That(exists[row, c] || (first[row, c] == 0 && second[row, c] == 0), $"class {c} of row {row} does not exist, yet it has a gradient");
            });
        }
    }

    static void Near(double expected, double actual, double tolerance, string message)
        => Require.That(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{message}: {expected:R} and {actual:R}");
}
