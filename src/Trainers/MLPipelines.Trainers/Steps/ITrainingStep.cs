using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>Middleware around one training step: regularisers, adversarial weights, gradient clipping and the like.</summary>
/// <remarks>
/// A step has two stages, and a middleware wraps one or both by calling <c>next</c> as often as it needs (also never):
/// computing the loss, after which the loop runs the backward pass, and updating the parameters from the gradients. A third stage uses the module as a finished model.
/// The first middleware added is the outermost. One instance serves one training run at a time; it draws random numbers from the context's generator only.
/// A middleware that remembers something between steps implements <see cref="ITrainingState"/>, and one that owns native memory implements <see cref="IDisposable"/>:
/// the loop disposes it when the run ends, after which it may serve another.
/// </remarks>
public interface ITrainingStep
{
    /// <summary>The interface that a task has to implement for this middleware to work with it.</summary>
    /// <value>The default is <see cref="ITrainingTask"/>: any task.</value>
    Type NeededTask => typeof(ITrainingTask);

    /// <summary>Wraps the forward pass and the loss.</summary>
    /// <param name="context">The step; <see cref="StepContext.Logits"/> holds the raw scores of the most recent call of <paramref name="next"/>.</param>
    /// <param name="next">The inner stage: one forward pass and its loss.</param>
    /// <returns>The scalar to minimise.</returns>
    Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return next(context);
    }

    /// <summary>Wraps the optimiser's update. Gradients are ready before <paramref name="next"/> is called and parameters are changed after it.</summary>
    /// <param name="context">The step, with <see cref="StepContext.Gradients"/>.</param>
    /// <param name="next">The inner stage: the update.</param>
    void Update(StepContext context, Action<StepContext> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        next(context);
    }

    /// <summary>Wraps every use of the module as a finished model: validation with the keeping of the best weights, and the keeping of the last ones.</summary>
    /// <param name="module">The module; as it was when this returns.</param>
    /// <param name="next">The inner stage, called once.</param>
    void Evaluate(nn.Module module, Action next)
    {
        ArgumentNullException.ThrowIfNull(next);
        next();
    }
}
