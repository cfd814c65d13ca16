using System.Numerics;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The fused update of <see cref="AdamW"/>.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="first">Mean of the gradients.</param>
/// <param name="second">Mean of the squared gradients.</param>
/// <param name="touched">For each row whether it ever had a gradient other than 0. Moments of other rows are 0, so only their decay is computed.</param>
/// <param name="coefficients">The numbers of this step.</param>
sealed unsafe class AdamWRows(Tensor parameter, Tensor first, Tensor second, bool[] touched, AdamWCoefficients coefficients) : IRowUpdate
{
    readonly float* parameter = PlainMemory.Pointer(parameter);
    readonly float* first = PlainMemory.Pointer(first);
    readonly float* second = PlainMemory.Pointer(second);
    readonly int width = RowKernel.Layout(parameter).Width;

    public void Update(int row, float* gradient)
    {
        var offset = (long)row * width;
        if (!touched[row] && RowKernel.IsZero(gradient, width))
        {
            Decay(parameter + offset, width, (float)coefficients.Decay);
            return;
        }
        touched[row] = true;
        Update(parameter + offset, gradient, first + offset, second + offset, width, coefficients);
    }

    static void Decay(float* p, int n, float decay)
    {
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
