using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The update of one float32 parameter in main memory, one row after another.</summary>
unsafe interface IRowUpdate
{
    /// <summary>Updates one row. Rows are independent of each other and may be updated by several threads at once.</summary>
    /// <param name="row">The row.</param>
    /// <param name="gradient">The row's gradient before the common factor; null where it is 0.</param>
    void Update(int row, float* gradient);
}

/// <summary>Runs fused updates: each element is read and written once, in parallel over blocks of rows of all parameters.</summary>
/// <remarks>Element-wise, hence the same result for any number of threads.</remarks>
sealed unsafe class RowKernel
{
    /// <summary>Elements per block: large enough to be worth handing to a thread, small enough to balance two of them.</summary>
    const int BlockElements = 1 << 16;

    sealed class Table(IRowUpdate update, Gradient gradient, int width)
    {
        public readonly IRowUpdate Update = update;
        public readonly float* Gradient = PlainMemory.Pointer(gradient.Values);
        public readonly int[]? GradientRows = gradient.Rows;
        public readonly int Width = width;
    }

    readonly List<(Table Table, int Begin, int End)> blocks = [];

    /// <summary>The rows and the width of a row that a parameter is treated as: its first axis against all others, or a single row.</summary>
    public static (int Rows, int Width) Layout(Tensor parameter)
    {
        var rows = parameter.shape is [var first, _, ..] ? (int)first : 1;
        return (rows, (int)(parameter.NumberOfElements / Math.Max(1, rows)));
    }

    /// <summary>Queues one parameter. All its tensors must stay alive until <see cref="Run"/> returns.</summary>
    public void Add(IRowUpdate update, Tensor parameter, Gradient gradient)
    {
        var (rows, width) = Layout(parameter);
        var table = new Table(update, gradient, width);
        var step = Math.Max(1, BlockElements / Math.Max(1, width));
        for (var begin = 0; begin < rows; begin += step) blocks.Add((table, begin, Math.Min(begin + step, rows)));
    }

    /// <summary>Updates everything queued.</summary>
    public void Run()
    {
        Parallel.For(0, blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, get_num_threads()) }, i => Update(blocks[i].Table, blocks[i].Begin, blocks[i].End));
        blocks.Clear();
    }

    /// <summary>Whether a row's gradient is 0 throughout.</summary>
    public static bool IsZero(float* gradient, int width) => gradient is null || new ReadOnlySpan<float>(gradient, width).IndexOfAnyExcept(0f) < 0;

    static void Update(Table t, int begin, int end)
    {
        var next = t.GradientRows is null ? 0 : Lowest(t.GradientRows, begin);
        for (var row = begin; row < end; row++)
        {
            float* gradient = null;
            if (t.GradientRows is null)
            {
                gradient = t.Gradient + (long)row * t.Width;
            }
            else if (next < t.GradientRows.Length && t.GradientRows[next] == row)
            {
                gradient = t.Gradient + (long)next++ * t.Width;
            }
            t.Update.Update(row, gradient);
        }
    }

    /// <summary>The index of the first element that is at least <paramref name="value"/>.</summary>
    static int Lowest(int[] ascending, int value)
    {
        var at = Array.BinarySearch(ascending, value);
        return at < 0 ? ~at : at;
    }
}
