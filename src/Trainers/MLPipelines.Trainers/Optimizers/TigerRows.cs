using System.Numerics;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The fused update of <see cref="Tiger"/>.</summary>
sealed unsafe class TigerRows(Tensor parameter, Tensor momentum, TigerUpdate update) : IRowUpdate
{
    readonly float* parameter = PlainMemory.Pointer(parameter);
    readonly float* momentum = PlainMemory.Pointer(momentum);
    readonly bool* touched = update.Touched is { } rows ? (bool*)PlainMemory.Pointer(rows) : null;
    readonly int width = RowKernel.Layout(parameter).Width;

    public void Update(int row, float* gradient)
    {
        var keep = update.Keep;
        if (touched is not null)
        {
            if (RowKernel.IsZero(gradient, width))
            {
                if (!touched[row]) return;
                keep = 1;
            }
            else
            {
                keep = touched[row] ? 1 : update.Beta;
            }
            touched[row] = !update.IsLast;
        }
        var p = parameter + (long)row * width;
        var m = momentum + (long)row * width;
        if (update.IsLast)
        {
            var size = update.StepSize;
            if (update.IsPerRow) size *= Math.Sqrt(PlainMemory.SumOfSquares(new ReadOnlySpan<float>(p, width)) / width);
            Move(p, gradient, m, (float)keep, (float)update.Gain, (float)size, (float)update.WeightDecay);
        }
        else
        {
            Accumulate(gradient, m, (float)keep, (float)update.Gain);
        }
    }

    void Move(float* p, float* gradient, float* m, float keep, float gain, float size, float decay)
    {
        var i = 0;
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var next = Vector.Load(m + i) * keep;
            if (gradient is not null) next += Vector.Load(gradient + i) * gain;
            Vector.Store(next, m + i);
            var old = Vector.Load(p + i);
            Vector.Store(old - (Signs.Of(next) + old * decay) * size, p + i);
        }
        for (; i < width; i++)
        {
            m[i] = m[i] * keep + (gradient is null ? 0 : gradient[i] * gain);
            p[i] -= (Signs.Of(m[i]) + p[i] * decay) * size;
        }
    }

    void Accumulate(float* gradient, float* m, float keep, float gain)
    {
        if (gradient is null && keep == 1) return;
        for (var i = 0; i < width; i++) m[i] = m[i] * keep + (gradient is null ? 0 : gradient[i] * gain);
    }
}
