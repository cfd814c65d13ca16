using MLPipelines.Trainers.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>The momentum of one run of <see cref="Tiger"/> and the update itself.</summary>
sealed class TigerOptimizer(IReadOnlyList<ParameterGroup> groups, Tiger.Options options) : IOptimizer
{
    readonly Moments momentum = new();
    readonly Dictionary<string, Tensor> touched = [];
    readonly RowKernel kernel = new();
    long steps;

    public IReadOnlyList<ParameterGroup> Groups { get; } = groups;

    public bool GuardsAgainstNonFinite => true;

    public void Step(GradientSet gradients, double learningRate)
    {
        using var noGrad = no_grad();
        var (isFirst, isLast) = (steps % options.Accumulation == 0, (steps + 1) % options.Accumulation == 0);
        var plain = new List<(Parameter Parameter, Gradient Gradient, TigerUpdate Update, Tensor Momentum)>();
        var empty = new List<Gradient>();
        foreach (var group in Groups)
        {
            foreach (var (name, parameter) in group.Parameters)
            {
                var gradient = gradients[name];
                if (gradient is null && (options.Accumulation == 1 || !momentum.Has(name))) continue;
                if (gradient is null) empty.Add(gradient = Gradient.Zero(parameter)); // what earlier steps accumulated still counts
                var rows = options.LazyEmbeddings && group.Role == ParameterRole.Embedding ? TouchedRows(name, parameter) : null;
                var update = new TigerUpdate(options, group.Role, learningRate * group.RateFactor, group.WeightDecay, gradients.Scale, isFirst, isLast, rows);
                var m = momentum.Of(name, parameter);
                if (PlainMemory.IsPlain(parameter) && PlainMemory.IsPlain(gradient.Values)) plain.Add((parameter, gradient, update, m));
                else update.WithOperators(parameter, gradient, m);
            }
        }
        Parallel.For(0, plain.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, get_num_threads()) }, i => plain[i].Update.Measure(plain[i].Parameter));
        foreach (var (parameter, gradient, update, m) in plain)
        {
            if (double.IsFinite(gradient.SumOfSquares())) kernel.Add(new TigerRows(parameter, m, update), parameter, gradient);
            else update.Guard(parameter);
        }
        kernel.Run();
        foreach (var gradient in empty) gradient.Dispose();
        steps++;
    }

    /// <summary>For each row whether it had a gradient in the current round of accumulation, boolean [rows].</summary>
    Tensor TouchedRows(string name, Tensor parameter)
    {
        if (touched.TryGetValue(name, out var rows)) return rows;
        rows = zeros([parameter.shape[0]], ScalarType.Bool, parameter.device).DetachFromDisposeScope();
        touched.Add(name, rows);
        return rows;
    }

    public void Save(TrainingState state)
    {
        state.Put("steps", steps);
        momentum.Save(state.Part("momentum"));
        foreach (var (name, rows) in touched) state.Part("touched").Put(name, rows);
    }

    public void Load(TrainingState state)
    {
        if (state.Integers("steps") is not [var count and >= 0]) throw TrainerErrors.StateDoesNotFit("steps", "a number of steps", "something else");
        steps = count;
        momentum.Load(state.Part("momentum"), Groups);
        Clear();
        var rows = state.Part("touched");
        foreach (var (name, parameter) in Groups.SelectMany(group => group.Parameters).Where(p => rows.Has(p.Name))) rows.CopyTo(name, TouchedRows(name, parameter));
    }

    void Clear()
    {
        foreach (var rows in touched.Values) rows.Dispose();
        touched.Clear();
    }

    public void Dispose()
    {
        momentum.Dispose();
        Clear();
    }
}
