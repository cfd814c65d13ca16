using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>Middleware around one training step: regularisers, adversarial weights, gradient clipping and the like.</summary>
/// <remarks>
/// A step has two stages, and a middleware wraps one or both by calling <c>next</c> as often as it needs (also never):
/// computing the loss, after which the loop runs the backward pass, and updating the parameters from the gradients.
/// The first middleware added is the outermost. One instance serves one training run at a time; it draws random numbers from the context's generator only.
/// </remarks>
public interface ITrainingStep
{
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
}
