namespace MLPipelines.Trainers.Optimizers;

/// <summary>Makes the optimiser of a training run. This is the component; it holds options only and is safe for concurrent use.</summary>
public interface IOptimizerFactory
{
    /// <summary>Makes a fresh optimiser, with no memory of earlier runs.</summary>
    /// <param name="groups">What it shall train; a parameter belongs to one group only.</param>
    /// <returns>The optimiser, owned by the caller.</returns>
    IOptimizer Create(IReadOnlyList<ParameterGroup> groups);
}
