using System.Numerics;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The fused update of float32 parameters in main memory: each element is read and written once, in parallel over blocks of rows.</summary>
/// <remarks>Element-wise, hence the same result for any number of threads.</remarks>
sealed unsafe class AdamWKernel
{
    /// <summary>Elements per block: large enough to be worth handing to a thread, small enough to balance two of them.</summary>
    const int BlockElements = 1 << 16;

    /// <summary>One parameter as rows of equal width.</summary>
    sealed class Table(Tensor parameter, Gradient gradient, Tensor first, Tensor second, bool[] touched, AdamWCoefficients coefficients)
    {
        public readonly float* Parameter = PlainMemory.Pointer(parameter);
        public readonly float* Gradient = PlainMemory.Pointer(gradient.Values);
        public readonly float* First = PlainMemory.Pointer(first);
        public readonly float* Second = PlainMemory.Pointer(second);
        public readonly int[]? GradientRows = gradient.Rows;
        public readonly bool[] Touched = touched;
        public readonly int Width = (int)(parameter.NumberOfElements / touched.Length);
        public readonly AdamWCoefficients Coefficients = coefficients;
    }

    readonly List<(Table Table, int Begin, int End)> blocks = [];

    /// <summary>Queues one parameter. All tensors must stay alive until <see cref="Run"/> returns.</summary>
    public void Add(Tensor parameter, Gradient gradient, Tensor first, Tensor second, bool[] touched, AdamWCoefficients coefficients)
    {
        var table = new Table(parameter, gradient, first, second, touched, coefficients);
        var step = Math.Max(1, BlockElements / Math.Max(1, table.Width));
        for (var begin = 0; begin < touched.Length; begin += step) blocks.Add((table, begin, Math.Min(begin + step, touched.Length)));
    }

    /// <summary>Updates everything queued.</summary>
    public void Run() =>
        Parallel.For(0, blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, get_num_threads()) }, i => Update(blocks[i].Table, blocks[i].Begin, blocks[i].End));

    static void Update(Table t, int begin, int end)
    {
        var next = t.GradientRows is null ? 0 : Lowest(t.GradientRows, begin);
        for (var row = begin; row < end; row++)
        {
            var offset = (long)row * t.Width;
            float* gradient = null;
            if (t.GradientRows is null)
            {
                gradient = t.Gradient + offset;
            }
            else if (next < t.GradientRows.Length && t.GradientRows[next] == row)
            {
                gradient = t.Gradient + (long)next++ * t.Width;
            }

            if (!t.Touched[row] && (gradient is null || new ReadOnlySpan<float>(gradient, t.Width).IndexOfAnyExcept(0f) < 0))
            {
                Decay(t.Parameter + offset, t.Width, t.Coefficients);
                continue;
            }
            t.Touched[row] = true;
            Update(t.Parameter + offset, gradient, t.First + offset, t.Second + offset, t.Width, t.Coefficients);
        }
    }

    /// <summary>The index of the first element that is at least <paramref name="value"/>.</summary>
    static int Lowest(int[] ascending, int value)
    {
        var at = Array.BinarySearch(ascending, value);
        return at < 0 ? ~at : at;
    }

    static void Decay(float* p, int n, AdamWCoefficients c)
    {
        var decay = (float)c.Decay;
        if (decay == 1) return;
        var i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count) Vector.Store(Vector.Load(p + i) * decay, p + i);
        for (; i < n; i++) p[i] *= decay;
    }

    static void Update(float* p, float* g, float* m, float* v, int n, AdamWCoefficients c)
    {
        var (scale, decay, beta1, gain1) = ((float)c.Scale, (float)c.Decay, (float)c.Beta1, (float)c.OneMinusBeta1);
        var (beta2, gain2, size, correction, epsilon) = ((float)c.Beta2, (float)c.OneMinusBeta2, (float)c.StepSize, (float)c.SecondCorrection, (float)c.Epsilon);
        var epsilons = new Vector<float>(epsilon);
        var i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = g is null ? Vector<float>.Zero : Vector.Load(g + i) * scale;
            var first = Vector.Load(m + i) * beta1 + gradient * gain1;
            var second = Vector.Load(v + i) * beta2 + gradient * gradient * gain2;
            Vector.Store(first, m + i);
            Vector.Store(second, v + i);
            Vector.Store(Vector.Load(p + i) * decay - first * size / (Vector.SquareRoot(second) * correction + epsilons), p + i);
        }
        for (; i < n; i++)
        {
            var gradient = g is null ? 0 : g[i] * scale;
            m[i] = m[i] * beta1 + gradient * gain1;
            v[i] = v[i] * beta2 + gradient * gradient * gain2;
            p[i] = p[i] * decay - m[i] * size / (MathF.Sqrt(v[i]) * correction + epsilon);
        }
    }
}
