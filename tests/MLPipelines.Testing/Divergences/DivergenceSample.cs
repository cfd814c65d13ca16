using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>Two answers to the same rows, and which classes exist, each [rows, classes].</summary>
sealed record DivergenceSample(double[,] First, double[,] Second, bool[,] Exists)
{
    public int Rows => First.GetLength(0);

    public int Classes => First.GetLength(1);

    public static DivergenceSample Random(int seed, int rows = 3, int classes = 5)
    {
        var random = new Random(seed);
        var sample = new DivergenceSample(new double[rows, classes], new double[rows, classes], new bool[rows, classes]);
        sample.Each((row, c) =>
        {
            sample.First[row, c] = 6 * (random.NextDouble() - 0.5);
            sample.Second[row, c] = 6 * (random.NextDouble() - 0.5);
            sample.Exists[row, c] = c == 0 || random.NextDouble() > 0.25;
        });
        return sample;
    }

    public double Value(DivergenceContractCase @case, ScalarType type = ScalarType.Float64, bool symmetric = true)
    {
        using var scope = NewDisposeScope();
        return Compute(@case, Scores(First, type), Scores(Second, type), symmetric).to(ScalarType.Float64).item<double>();
    }

    /// <summary>The gradients of the divergence with respect to both sets of scores.</summary>
    public (double[,] First, double[,] Second) Gradients(DivergenceContractCase @case, bool symmetric = true)
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Scores(First, ScalarType.Float64).requires_grad_(true), Scores(Second, ScalarType.Float64).requires_grad_(true));
        Compute(@case, first, second, symmetric).backward();
        return (Matrix(first.grad), Matrix(second.grad));
    }

    public Tensor Mask() => tensor(Exists.Cast<bool>().ToArray(), [Rows, Classes]);

    public Tensor Scores(double[,] values, ScalarType type) => tensor(values.Cast<double>().ToArray(), [Rows, Classes]).to(type);

    public DivergenceSample With(Action<DivergenceSample, int, int> change)
    {
        var copy = new DivergenceSample((double[,])First.Clone(), (double[,])Second.Clone(), (bool[,])Exists.Clone());
        copy.Each((row, c) => change(copy, row, c));
        return copy;
    }

    public void Each(Action<int, int> action)
    {
        for (var row = 0; row < Rows; row++)
            for (var c = 0; c < Classes; c++) action(row, c);
    }

    Tensor Compute(DivergenceContractCase @case, Tensor first, Tensor second, bool symmetric)
        => symmetric ? @case.Divergence.Compute(first, second, Mask()) : @case.Divergence.ComputeFrom(first, second, Mask());

    double[,] Matrix(Tensor? gradient)
    {
        var matrix = new double[Rows, Classes];
        if (gradient is null) return matrix;
        var flat = gradient.data<double>().ToArray();
        Buffer.BlockCopy(flat, 0, matrix, 0, flat.Length * sizeof(double));
        return matrix;
    }
}
