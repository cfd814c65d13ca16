using MLPipelines.Trainers.Steps;

namespace MLPipelines.Testing;

/// <summary>A middleware of the training loop.</summary>
/// <param name="create">Makes the middleware with options under which it has an effect on an ordinary step.</param>
/// <param name="createNeutral">Makes it with options under which it changes nothing: weight 0, no limit, no dropout.</param>
public sealed class TrainingStepContractCase(Func<ITrainingStep> create, Func<ITrainingStep> createNeutral)
{
    /// <summary>Makes the middleware.</summary>
    public Func<ITrainingStep> Create { get; } = create;

    /// <summary>Makes it without effect.</summary>
    public Func<ITrainingStep> CreateNeutral { get; } = createNeutral;

    /// <summary>How often it runs the inner forward pass in one step. Default: once.</summary>
    public int ForwardPasses { get; init; } = 1;

    /// <summary>The largest difference that the neutral form may make to a parameter after a few steps. Default: 1e-6.</summary>
    public double Tolerance { get; init; } = 1e-6;
}
