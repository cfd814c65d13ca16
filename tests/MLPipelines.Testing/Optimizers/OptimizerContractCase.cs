using MLPipelines.Trainers.Optimizers;

namespace MLPipelines.Testing;

/// <summary>An optimiser, and a second implementation of it.</summary>
/// <param name="factory">The optimiser's component.</param>
/// <param name="reference">
/// The same optimiser in plain C#, for one parameter: the first values, the gradient of every step, learning rate and weight decay, to the last values.
/// Written from the formula or from a published implementation's numbers, not from the optimiser.
/// </param>
public sealed class OptimizerContractCase(IOptimizerFactory factory, OptimizerReference reference)
{
    /// <summary>The optimiser's component.</summary>
    public IOptimizerFactory Factory { get; } = factory;

    /// <summary>The plain implementation.</summary>
    public OptimizerReference Reference { get; } = reference;

    /// <summary>What the parameters of the checks are in their module. Default: a matrix.</summary>
    public ParameterRole Role { get; init; } = ParameterRole.Matrix;

    /// <summary>Where the quadratic starts, the same for all elements; not 0 for an optimiser whose steps are relative to the parameter. Default: 0.</summary>
    public double Start { get; init; }

    /// <summary>A learning rate with which a quadratic is solved in 300 steps while it falls linearly to 0. Default: 0.05.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>The largest relative difference between float32 parameters and the plain implementation after ten steps. Default: 1e-5.</summary>
    public double Tolerance { get; init; } = 1e-5;
}

/// <summary>An optimiser in plain C#, for one parameter.</summary>
/// <param name="parameter">The values before the first step; not changed.</param>
/// <param name="gradients">The gradient of every step.</param>
/// <param name="learningRate">The learning rate of every step.</param>
/// <param name="weightDecay">Decoupled weight decay.</param>
/// <returns>The values after the last step.</returns>
public delegate double[] OptimizerReference(double[] parameter, IReadOnlyList<double[]> gradients, double learningRate, double weightDecay);
