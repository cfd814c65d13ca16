using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>Scores, truth, and which classes exist, each [rows, classes].</summary>
sealed record LossSample(double[,] Scores, double[,] Truth, bool[,] Exists)
{
    public int Rows => Scores.GetLength(0);

    public int Classes => Scores.GetLength(1);

    /// <summary>Random scores with a spread of 3; about a third of the classes apply, a quarter do not exist.</summary>
    public static LossSample Random(LossContractCase @case, int seed, int rows = 4, int classes = 7)
    {
        var random = new Random(seed);
        var sample = new LossSample(new double[rows, classes], new double[rows, classes], new bool[rows, classes]);
        for (var row = 0; row < rows; row++)
        {
            var only = random.Next(classes);
            for (var c = 0; c < classes; c++)
            {
                sample.Scores[row, c] = 6 * (random.NextDouble() - 0.5);
                sample.Exists[row, c] = c == only || random.NextDouble() > 0.25;
                var applies = @case.OneClassPerRow ? c == only : random.NextDouble() < 0.33;
                sample.Truth[row, c] = !sample.Exists[row, c] ? 0 : @case.SoftTargets ? random.NextDouble() : applies ? 1 : 0;
            }
        }

        return sample;
    }

    public double Reference(LossContractCase @case) => @case.Reference(Scores, Truth, Exists);

    /// <summary>The loss as a number.</summary>
    public double Value(LossContractCase @case, ScalarType type = ScalarType.Float64)
    {
        using var scope = NewDisposeScope();
        return Compute(@case, Logits(type)).to(ScalarType.Float64).item<double>();
    }

    /// <summary>The gradient of the loss with respect to the scores.</summary>
    public double[,] Gradient(LossContractCase @case)
    {
        using var scope = NewDisposeScope();
        var logits = Logits(ScalarType.Float64).requires_grad_(true);
        Compute(@case, logits).backward();
        var flat = logits.grad!.data<double>().ToArray();
        var gradient = new double[Rows, Classes];
        Buffer.BlockCopy(flat, 0, gradient, 0, flat.Length * sizeof(double));
        return gradient;
    }

    public Tensor Logits(ScalarType type) => tensor(Scores.Cast<double>().ToArray(), [Rows, Classes]).to(type);

    public Tensor Compute(LossContractCase @case, Tensor logits)
        => @case.Loss.Compute(logits, @case.Targets(Truth), tensor(Exists.Cast<bool>().ToArray(), [Rows, Classes]));

    public LossSample With(Action<double[,], double[,], bool[,]> change)
    {
        var copy = new LossSample((double[,])Scores.Clone(), (double[,])Truth.Clone(), (bool[,])Exists.Clone());
        change(copy.Scores, copy.Truth, copy.Exists);
        return copy;
    }
}
