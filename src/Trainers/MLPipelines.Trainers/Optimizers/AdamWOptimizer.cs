using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The moments of one run of <see cref="AdamW"/> and the update itself.</summary>
sealed class AdamWOptimizer(IReadOnlyList<ParameterGroup> groups, AdamW.Options options) : IOptimizer
{
    readonly Moments first = new();
    readonly Moments second = new();
    readonly Dictionary<string, long> steps = [];
    readonly Dictionary<string, bool[]> touched = [];
    readonly RowKernel kernel = new();

    public IReadOnlyList<ParameterGroup> Groups { get; } = groups;

    public void Step(GradientSet gradients, double learningRate)
    {
        using var noGrad = no_grad();
        foreach (var group in Groups)
        {
            var block = gradients.Block(group) is { } found && HaveOneAge(found) ? found : null;
            if (block is not null) StepTogether(block, group, gradients, learningRate);
            foreach (var (name, parameter) in group.Parameters)
            {
                if (block?.Names.Contains(name) == true || gradients[name] is not { } gradient) continue;
                var coefficients = Coefficients(group, Count(name), gradients, learningRate);
                var (m, v) = (first.Of(name, parameter), second.Of(name, parameter));
                if (PlainMemory.IsPlain(parameter) && PlainMemory.IsPlain(gradient.Values))
                {
                    kernel.Add(new AdamWRows(parameter, m, v, TouchedRows(name, parameter), coefficients), parameter, gradient);
                }
                else
                {
                    UpdateWithOperators(parameter, gradient.Dense(parameter), m, v, coefficients);
                }
            }
        }
        kernel.Run();
    }

    /// <summary>Whether no parameter missed a step that another took, so that the moments of all are corrected alike.</summary>
    bool HaveOneAge(GradientBlock block) => block.Names.Select(name => steps.GetValueOrDefault(name)).Distinct().Count() == 1;

    void StepTogether(GradientBlock block, ParameterGroup group, GradientSet gradients, double learningRate)
    {
        var counts = block.Names.Select(Count).ToList();
        var coefficients = Coefficients(group, counts[0], gradients, learningRate);
        block.Update(values => UpdateWithOperators(values, block.Values, first.Of(block), second.Of(block), coefficients));
    }

    long Count(string name) => steps[name] = steps.GetValueOrDefault(name) + 1;

    AdamWCoefficients Coefficients(ParameterGroup group, long count, GradientSet gradients, double learningRate) =>
        AdamWCoefficients.At(count, options, learningRate * group.RateFactor, group.WeightDecay, gradients.Scale);

    bool[] TouchedRows(string name, Tensor parameter)
    {
        if (!touched.TryGetValue(name, out var rows)) touched.Add(name, rows = new bool[RowKernel.Layout(parameter).Rows]);
        return rows;
    }

    static void UpdateWithOperators(Tensor parameter, Tensor g, Tensor first, Tensor second, AdamWCoefficients c)
    {
        using var scope = NewDisposeScope();
        if (c.Scale != 1) g = g.mul(c.Scale);
        if (c.Decay != 1) parameter.mul_(c.Decay);
        first.mul_(c.Beta1).add_(g, c.OneMinusBeta1);
        second.mul_(c.Beta2).addcmul_(g, g, c.OneMinusBeta2);
        parameter.addcdiv_(first, second.sqrt().mul_(c.SecondCorrection).add_(c.Epsilon), -c.StepSize);
    }

    public void Save(TrainingState state)
    {
        first.Save(state.Part("first"));
        second.Save(state.Part("second"));
        foreach (var (name, count) in steps) state.Part("steps").Put(name, count);
    }

    public void Load(TrainingState state)
    {
        first.Load(state.Part("first"), Groups);
        second.Load(state.Part("second"), Groups);
        steps.Clear();
        touched.Clear();
        var counts = state.Part("steps");
        foreach (var (name, parameter) in Groups.SelectMany(group => group.Parameters).Where(p => counts.Has(p.Name)))
        {
            if (!first.Has(name) || !second.Has(name) || counts.Integers(name) is not [var count and > 0]) throw TrainerErrors.StateDoesNotFit(name, "both moments and a number of steps", "something else");
            steps.Add(name, count);
            if (PlainMemory.IsPlain(parameter)) MarkTouched(TouchedRows(name, parameter), first.Of(name, parameter), second.Of(name, parameter));
        }
    }

    // A row whose moments are 0 behaves like one that never had a gradient.
    static void MarkTouched(bool[] rows, Tensor first, Tensor second)
    {
        var width = RowKernel.Layout(first).Width;
        var m = PlainMemory.Floats(first);
        var v = PlainMemory.Floats(second);
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = m.Slice(row * width, width).IndexOfAnyExcept(0f) >= 0 || v.Slice(row * width, width).IndexOfAnyExcept(0f) >= 0;
        }
    }

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
