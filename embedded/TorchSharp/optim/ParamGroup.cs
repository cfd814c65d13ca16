using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }
}

/// <summary>Parameters that share their settings.</summary>
public class ParamGroup : ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        base.Options = options!;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}

/// <summary>What the optimisers that keep a state per parameter have in common.</summary>
public abstract class OptimizerHelper : Optimizer
{
    private readonly Dictionary<Parameter, torch.Tensor[]> states = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper()
    {
    }

    private protected void Add(ParamGroup group)
    {
        group.InitialLearningRate = group.LearningRate;
        Groups.Add(group);
    }

    /// <summary>The tensors kept for a parameter, made at its first step.</summary>
    private protected torch.Tensor[] State(Parameter parameter, Func<torch.Tensor[]> create)
    {
        if (states.TryGetValue(parameter, out var state)) return state;
        state = create();
        foreach (var tensor in state) tensor.DetachFromDisposeScope();
        states.Add(parameter, state);
        return state;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var tensor in states.Values.SelectMany(state => state)) tensor.Dispose();
            states.Clear();
        }
        base.Dispose(disposing);
    }
}
