namespace MLPipelines.Trainers.Optimizers;

/// <summary>Changes parameters by their gradients. Made by an <see cref="IOptimizerFactory"/> for one training run.</summary>
/// <remarks>Not safe for concurrent use. Disposing it frees its moments, never the parameters.</remarks>
public interface IOptimizer : IDisposable
{
    /// <summary>The groups it was made for.</summary>
    IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Applies one update in place. Parameters without a gradient are left as they are.</summary>
    /// <param name="gradients">The gradients of this step; not changed.</param>
    /// <param name="learningRate">The learning rate of this step, before each group's factor.</param>
    void Step(GradientSet gradients, double learningRate);
}
