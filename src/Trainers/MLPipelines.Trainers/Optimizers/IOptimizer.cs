using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Changes parameters by their gradients. Made by an <see cref="IOptimizerFactory"/> for one training run.</summary>
/// <remarks>
/// Not safe for concurrent use. Disposing it frees its moments, never the parameters. What <see cref="ITrainingState.Save"/> writes, an optimiser that the same factory makes for
/// the same groups reads back and continues exactly.
/// </remarks>
public interface IOptimizer : ITrainingState, IDisposable
{
    /// <summary>The groups it was made for.</summary>
    IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Whether <see cref="Step"/> copes by itself with gradients that are not finite. The training loop skips such a step for all others.</summary>
    /// <value>The default is false.</value>
    bool GuardsAgainstNonFinite => false;

    /// <summary>Applies one update in place. Parameters without a gradient are left as they are.</summary>
    /// <param name="gradients">The gradients of this step; not changed.</param>
    /// <param name="learningRate">The learning rate of this step, before each group's factor.</param>
    void Step(GradientSet gradients, double learningRate);
}
