using System.Numerics;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The momentum of one run of <see cref="Lion"/> and the update itself.</summary>
sealed class LionOptimizer(IReadOnlyList<ParameterGroup> groups, Lion.Options options) : IOptimizer
{
    readonly Moments momentum = new();
    readonly RowKernel kernel = new();

    public IReadOnlyList<ParameterGroup> Groups { get; } = groups;

    public void Step(GradientSet gradients, double learningRate)
    {
        using var noGrad = no_grad();
        foreach (var group in Groups)
        {
            var rate = learningRate * group.RateFactor;
            var lazy = options.LazyEmbeddings && group.Role == ParameterRole.Embedding;
            var block = gradients.Block(group);
            block?.Update(values => UpdateWithOperators(values, block.Values, momentum.Of(block), rate, 1 - rate * group.WeightDecay, gradients.Scale, lazy: false));
            foreach (var (name, parameter) in group.Parameters)
            {
                if (block?.Names.Contains(name) == true || gradients[name] is not { } gradient) continue;
                var m = momentum.Of(name, parameter);
                if (PlainMemory.IsPlain(parameter) && PlainMemory.IsPlain(gradient.Values))
                {
                    kernel.Add(new Rows(parameter, m, options, rate, 1 - rate * group.WeightDecay, gradients.Scale, lazy), parameter, gradient);
                }
                else
                {
                    UpdateWithOperators(parameter, gradient.Dense(parameter), m, rate, 1 - rate * group.WeightDecay, gradients.Scale, lazy);
                }
            }
        }
        kernel.Run();
    }

    void UpdateWithOperators(Tensor parameter, Tensor g, Tensor m, double rate, double decay, double scale, bool lazy)
    {
        using var scope = NewDisposeScope();
        var touched = lazy ? g.ne(0).flatten(1).any(1).reshape([-1, .. Enumerable.Repeat(1L, (int)parameter.Dimensions - 1)]) : null; // [rows, 1…]
        if (scale != 1) g = g.mul(scale);
        var direction = m.mul(options.Beta1).add_(g, 1 - options.Beta1).sign_();
        var moved = parameter.mul(decay).sub_(direction.mul_(rate));
        var kept = m.mul(options.Beta2).add_(g, 1 - options.Beta2);
        parameter.copy_(touched is null ? moved : where(touched, moved, parameter));
        m.copy_(touched is null ? kept : where(touched, kept, m));
    }

    public void Save(TrainingState state) => momentum.Save(state);

    public void Load(TrainingState state) => momentum.Load(state, Groups);

    public void Dispose() => momentum.Dispose();

    /// <summary>The fused update.</summary>
    sealed unsafe class Rows(Tensor parameter, Tensor momentum, Lion.Options options, double rate, double decay, double scale, bool lazy) : IRowUpdate
    {
        readonly float* parameter = PlainMemory.Pointer(parameter);
        readonly float* momentum = PlainMemory.Pointer(momentum);
        readonly int width = RowKernel.Layout(parameter).Width;

        public void Update(int row, float* gradient)
        {
            if (lazy && RowKernel.IsZero(gradient, width)) return;
            var p = parameter + (long)row * width;
            var m = momentum + (long)row * width;
            var (beta1, gain1, beta2, gain2) = ((float)options.Beta1, (float)(1 - options.Beta1), (float)options.Beta2, (float)(1 - options.Beta2));
            var (size, keep, factor) = ((float)rate, (float)decay, (float)scale);
            var i = 0;
            for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
            {
                var g = gradient is null ? Vector<float>.Zero : Vector.Load(gradient + i) * factor;
                var old = Vector.Load(m + i);
                Vector.Store(Vector.Load(p + i) * keep - Signs.Of(old * beta1 + g * gain1) * size, p + i);
                Vector.Store(old * beta2 + g * gain2, m + i);
            }
            for (; i < width; i++)
            {
                var g = gradient is null ? 0 : gradient[i] * factor;
                p[i] = p[i] * keep - Signs.Of(m[i] * beta1 + g * gain1) * size;
                m[i] = m[i] * beta2 + g * gain2;
            }
        }
    }
}
