using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The moments of one run of <see cref="AdamW"/> and the update itself.</summary>
sealed class AdamWOptimizer(IReadOnlyList<ParameterGroup> groups, AdamW.Options options) : IOptimizer
{
    /// <param name="First">Mean of the gradients.</param>
    /// <param name="Second">Mean of the squared gradients.</param>
    /// <param name="Touched">For each row along the first axis, whether it ever had a gradient other than 0.</param>
    sealed record State(Tensor First, Tensor Second, bool[] Touched)
    {
        public long Steps { get; set; }
    }

    readonly Dictionary<string, State> states = [];

    public IReadOnlyList<ParameterGroup> Groups { get; } = groups;

    public void Step(GradientSet gradients, double learningRate)
    {
        using var noGrad = no_grad();
        var plain = new AdamWKernel();
        foreach (var group in Groups)
        {
            foreach (var (name, parameter) in group.Parameters)
            {
                if (gradients[name] is not { } gradient) continue;
                var state = StateOf(name, parameter);
                state.Steps++;
                var coefficients = AdamWCoefficients.At(state.Steps, options, learningRate * group.RateFactor, group.WeightDecay, gradients.Scale);
                if (PlainMemory.IsPlain(parameter) && PlainMemory.IsPlain(gradient.Values))
                {
                    plain.Add(parameter, gradient, state.First, state.Second, state.Touched, coefficients);
                }
                else
                {
                    UpdateWithOperators(parameter, gradient, state, coefficients);
                }
            }
        }
        plain.Run();
    }

    State StateOf(string name, Parameter parameter)
    {
        if (states.TryGetValue(name, out var state)) return state;
        // Moments outlive every scope of the step that happens to need them first.
        state = new State(zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope(), new bool[parameter.shape is [var rows, _, ..] ? rows : 1]);
        states.Add(name, state);
        return state;
    }

    static void UpdateWithOperators(Tensor parameter, Gradient gradient, State state, AdamWCoefficients c)
    {
        using var scope = NewDisposeScope();
        var g = gradient.Values;
        if (gradient.Rows is { } rows) g = zeros_like(parameter).index_add_(0, tensor(rows, ScalarType.Int64, parameter.device), g, 1);
        if (c.Scale != 1) g = g.mul(c.Scale);
        if (c.Decay != 1) parameter.mul_(c.Decay);
        state.First.mul_(c.Beta1).add_(g, c.OneMinusBeta1);
        state.Second.mul_(c.Beta2).addcmul_(g, g, c.OneMinusBeta2);
        parameter.addcdiv_(state.First, state.Second.sqrt().mul_(c.SecondCorrection).add_(c.Epsilon), -c.StepSize);
    }

    public void Dispose()
    {
        foreach (var state in states.Values)
        {
            state.First.Dispose();
            state.Second.Dispose();
        }
        states.Clear();
    }
}
