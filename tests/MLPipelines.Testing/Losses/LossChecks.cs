using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>The checks of the loss contract.</summary>
static class LossChecks
{
    static readonly int[] s_seeds = [1, 2, 3, 4, 5];

    public static IEnumerable<ContractCheck<LossContractCase>> For(LossContractCase @case)
    {
        yield return new(EqualsPlainImplementation);
        yield return new(GradientEqualsFiniteDifferences);
        yield return new(IsFiniteForExtremeScores);
        yield return new(MissingClassesChangeNothing);
        yield return new(OrderOfRowsIsIrrelevant);
        yield return new(ClassThatAppliesIsNeverPushedDown);
        if (!@case.OneClassPerRow) yield return new(RowsWithoutAnyClassAreAllowed);
        yield return new(NarrowTypesGiveFiniteLosses);
        yield return new(MaskIsOptional);
        yield return new(InputsAreLeftAlone);
        yield return new(GlobalStateIsUntouched);
        yield return new(FreesNativeMemory);
    }

    public static void EqualsPlainImplementation(LossContractCase @case)
    {
        foreach (var sample in s_seeds.Select(seed => LossSample.Random(@case, seed)))
        {
            Near(sample.Reference(@case), sample.Value(@case), 1e-10, "the loss in float64 differs from the plain implementation");
            Near(sample.Reference(@case), sample.Value(@case, ScalarType.Float32), 1e-5, "the loss in float32 differs from the plain implementation");
        }
    }

    public static void GradientEqualsFiniteDifferences(LossContractCase @case)
    {
        const double Step = 1e-5;
        var sample = LossSample.Random(@case, seed: 11);
        var gradient = sample.Gradient(@case);
        for (var row = 0; row < sample.Rows; row++)
        {
            for (var c = 0; c < sample.Classes; c++)
            {
                var (up, down) = (Moved(row, c, Step), Moved(row, c, -Step));
                Near((up - down) / (2 * Step), gradient[row, c], 1e-6, $"the gradient of score [{row}, {c}] differs from finite differences");
            }
        }

        double Moved(int row, int c, double by) => sample.With((scores, _, _) => scores[row, c] += by).Value(@case);
    }

    public static void IsFiniteForExtremeScores(LossContractCase @case)
    {
        foreach (var extreme in (ReadOnlySpan<double>)[1e4, -1e4, 100, -100])
        {
            var sample = LossSample.Random(@case, seed: 21).With((scores, _, _) => Each(scores, (row, c) => scores[row, c] = (row + c) % 2 == 0 ? extreme : scores[row, c]));
            Require.That(double.IsFinite(sample.Value(@case)) && double.IsFinite(sample.Value(@case, ScalarType.Float32)), $"the loss is not finite for scores of {extreme}");
            foreach (var value in sample.Gradient(@case)) Require.That(double.IsFinite(value), $"the gradient is not finite for scores of {extreme}");
            Near(sample.Reference(@case), sample.Value(@case), 1e-10, $"the loss for scores of {extreme} differs from the plain implementation");
        }
    }

    public static void MissingClassesChangeNothing(LossContractCase @case)
    {
        var sample = LossSample.Random(@case, seed: 31);
        var changed = sample.With((scores, _, exists) => Each(scores, (row, c) => scores[row, c] = exists[row, c] ? scores[row, c] : 50 - scores[row, c]));
        Near(sample.Value(@case), changed.Value(@case), 0, "the score of a class that does not exist changed the loss");
        var gradient = changed.Gradient(@case);
        Each(gradient, (row, c) => Require.That(changed.Exists[row, c] || gradient[row, c] == 0, $"class {c} of row {row} does not exist, yet it has the gradient {gradient[row, c]}"));
    }

    public static void OrderOfRowsIsIrrelevant(LossContractCase @case)
    {
        var sample = LossSample.Random(@case, seed: 41);
        var reversed = sample.With((scores, truth, exists) => Each(scores, (row, c) =>
        {
            var from = sample.Rows - 1 - row;
            (scores[row, c], truth[row, c], exists[row, c]) = (sample.Scores[from, c], sample.Truth[from, c], sample.Exists[from, c]);
        }));
        Near(sample.Value(@case), reversed.Value(@case), 1e-12, "the order of the rows changed the loss");
    }

    /// <summary>However confident the score: raising the score of a class that certainly applies must not raise the loss.</summary>
    public static void ClassThatAppliesIsNeverPushedDown(LossContractCase @case)
    {
        foreach (var score in new[] { -1e4, -30, -5, 0, 5, 30, 100, 1e4 })
        {
            var sample = LossSample.Random(@case, seed: 51).With((scores, truth, exists) => Each(scores, (row, c) =>
            {
                exists[row, c] = true;
                truth[row, c] = c == row % scores.GetLength(1) ? 1 : @case.OneClassPerRow ? 0 : Math.Round(truth[row, c]);
                if (truth[row, c] == 1) scores[row, c] = score;
            }));
            var gradient = sample.Gradient(@case);
            Each(gradient, (row, c) => Require.That(
                sample.Truth[row, c] != 1 || gradient[row, c] <= 0,
                $"a class that applies, with score {score}, has the positive gradient {gradient[row, c]}: training would lower its score"));
        }
    }

    public static void RowsWithoutAnyClassAreAllowed(LossContractCase @case)
    {
        var none = LossSample.Random(@case, seed: 61).With((_, truth, _) => Array.Clear(truth));
        Near(none.Reference(@case), none.Value(@case), 1e-10, "the loss of rows to which no class applies differs from the plain implementation");
        var nothing = none.With((_, _, exists) => Array.Clear(exists));
        Near(nothing.Reference(@case), nothing.Value(@case), 1e-10, "the loss of rows in which no class exists differs from the plain implementation");
        foreach (var value in nothing.Gradient(@case)) Require.That(value == 0, "rows in which no class exists have a gradient");
    }

    public static void NarrowTypesGiveFiniteLosses(LossContractCase @case)
    {
        var sample = LossSample.Random(@case, seed: 71);
        Near(sample.Reference(@case), sample.Value(@case, ScalarType.BFloat16), 0.05, "the loss of bfloat16 scores is far from that of exact ones");
    }

    public static void MaskIsOptional(LossContractCase @case)
    {
        var sample = LossSample.Random(@case, seed: 81).With((_, _, exists) => Each(exists, (row, c) => exists[row, c] = true));
        using var scope = NewDisposeScope();
        var value = @case.Loss.Compute(sample.Logits(ScalarType.Float64), @case.Targets(sample.Truth), null).item<double>();
        Near(sample.Value(@case), value, 1e-12, "no mask differs from a mask that is true everywhere");
    }

    public static void InputsAreLeftAlone(LossContractCase @case)
    {
        var sample = LossSample.Random(@case, seed: 91);
        using var scope = NewDisposeScope();
        var logits = sample.Logits(ScalarType.Float32);
        var targets = @case.Targets(sample.Truth);
        var mask = tensor(sample.Exists.Cast<bool>().ToArray(), [sample.Rows, sample.Classes]);
        Tensor[] inputs = [logits, targets, mask];
        var before = inputs.Select(input => input.clone()).ToArray();
        using var loss = @case.Loss.Compute(logits, targets, mask);
        Require.That(loss.Dimensions == 0, "the loss is not a scalar");
        Require.That(inputs.All(input => !input.IsInvalid), "the loss disposed an input");
        Require.That(inputs.Zip(before).All(pair => pair.First.eq(pair.Second).all().item<bool>()), "the loss changed an input");
        Require.That(!inputs.Any(input => ReferenceEquals(input, loss)), "the loss returned one of its inputs");
    }

    public static void GlobalStateIsUntouched(LossContractCase @case)
    {
        var before = TorchState.Capture();
        LossSample.Random(@case, seed: 101).Gradient(@case);
        before.RequireUnchanged("the loss");
    }

    public static void FreesNativeMemory(LossContractCase @case)
    {
        var sample = LossSample.Random(@case, seed: 111);
        var logits = sample.Logits(ScalarType.Float32).requires_grad_(true);
        var targets = @case.Targets(sample.Truth);
        using var mask = tensor(sample.Exists.Cast<bool>().ToArray(), [sample.Rows, sample.Classes]);
        using (logits)
        using (targets)
        {
            NativeMemory.RequireNoLeak("the loss", 50, () => @case.Loss.Compute(logits, targets, mask).Dispose());
        }
    }

    static void Near(double expected, double actual, double tolerance, string message)
        => Require.That(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{message}: {expected:R} and {actual:R}");

    static void Each<T>(T[,] matrix, Action<int, int> action)
    {
        for (var row = 0; row < matrix.GetLength(0); row++)
            for (var c = 0; c < matrix.GetLength(1); c++) action(row, c);
    }
}
