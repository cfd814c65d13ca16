using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>Exponential moving average of the weights: what is validated and kept is the average, what is trained on are the weights themselves.</summary>
/// <remarks>
/// After update t, counted from 1: a ← d · a + (1 − d) · θ with d = min(decay, t/(t + 9)), and a = θ at first. The growing d keeps the random weights of the beginning from staying in the
/// average for long. One more copy of the weights is held, and one more during validation.
/// Source: Polyak and Juditsky, Acceleration of stochastic approximation by averaging, https://doi.org/10.1137/0330046.
/// </remarks>
/// <example><code>
/// var loop = new TrainingLoop(options, new AdamW(), new LinearSchedule(), [new WeightAverage(new() { Decay = 0.999 })]);
/// </code></example>
[PipelineComponent("step.weight-average.v1", Source = "https://doi.org/10.1137/0330046", Summary = "Moving average of the weights for validation and for the final model")]
public sealed class WeightAverage(WeightAverage.Options options) : ITrainingStep, ITrainingState, IDisposable
{
    /// <summary>Settings of <see cref="WeightAverage"/>.</summary>
    public sealed record Options
    {
        /// <summary>What the average keeps of itself in a step, in [0, 1); 0 is no average.</summary>
        /// <value>The default is 0.999.</value>
        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double Decay { get; init; } = 0.999;
    }

    readonly Options options = OptionsValidator.Validate(options, "step.weight-average.v1");
    readonly Dictionary<string, Tensor> averages = [];
    long updates;

    /// <summary>Makes the middleware with its default options.</summary>
    public WeightAverage() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public void Update(StepContext context, Action<StepContext> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        next(context);
        updates++;
        var decay = Math.Min(options.Decay, updates / (updates + 9.0));
        using var noGrad = no_grad();
        foreach (var (name, parameter) in context.Groups.SelectMany(group => group.Parameters))
        {
            if (!averages.TryGetValue(name, out var average)) averages.Add(name, parameter.detach().clone().DetachFromDisposeScope());
            else if (average.device_type == parameter.device_type) average.mul_(decay).add_(parameter, 1 - decay);
            else Move(name, average, parameter, decay);
        }
    }

    // What was loaded lies on the CPU.
    void Move(string name, Tensor average, Tensor parameter, double decay)
    {
        using (average) averages[name] = average.to(parameter.device).mul_(decay).add_(parameter, 1 - decay).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Evaluate(nn.Module module, Action next)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(next);
        using var trained = new WeightSnapshot();
        if (averages.Count > 0) trained.Capture(module);
        try
        {
            Use(module);
            next();
        }
        finally
        {
            if (!trained.IsEmpty) trained.Restore(module);
        }
    }

    void Use(nn.Module module)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            if (averages.TryGetValue(name, out var average)) parameter.copy_(average);
        }
    }

    /// <inheritdoc/>
    public void Save(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("updates", updates);
        foreach (var (name, average) in averages) state.Part("averages").Put(name, average);
    }

    /// <inheritdoc/>
    public void Load(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Integers("updates") is not [var count and >= 0]) throw TrainerErrors.StateDoesNotFit("updates", "a number of updates", "something else");
        Dispose();
        updates = count;
        var part = state.Part("averages");
        foreach (var name in part.Names) averages.Add(name, part.Tensor(name).DetachFromDisposeScope());
    }

    /// <summary>Frees the averages.</summary>
    public void Dispose()
    {
        foreach (var average in averages.Values) average.Dispose();
        averages.Clear();
        updates = 0;
    }
}
