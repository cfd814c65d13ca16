using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Adam with decoupled weight decay.</summary>
/// <remarks>
/// With gradient g, rate η, decay λ and step t from 1:
/// θ ← (1 − ηλ)θ; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε).
/// <para>
/// Float32 parameters in main memory are updated in one fused pass on all threads. A row of a table that never had a gradient has zero moments, so
/// only its decay is computed: for an embedding table that is exact and saves most of the work. All other parameters use operators on their device.
/// </para>
/// Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, https://arxiv.org/abs/1711.05101.
/// </remarks>
/// <example><code>
/// using var optimizer = new AdamW(new() { Beta2 = 0.98 }).Create(ParameterGroup.Split(module, weightDecay: 0.01));
/// </code></example>
[PipelineComponent("optimizer.adamw.v1", Source = "https://arxiv.org/abs/1711.05101", Summary = "Adam with decoupled weight decay")]
public sealed class AdamW(AdamW.Options options) : IOptimizerFactory
{
    /// <summary>Settings of <see cref="AdamW"/>. Learning rate and weight decay belong to the run and to the parameter groups.</summary>
    public sealed record Options
    {
        /// <summary>Decay rate of the mean of the gradients, in [0, 1).</summary>
        /// <value>The default is 0.9.</value>
        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double Beta1 { get; init; } = 0.9;

        /// <summary>Decay rate of the mean of the squared gradients, in [0, 1).</summary>
        /// <value>The default is 0.999.</value>
        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double Beta2 { get; init; } = 0.999;

        /// <summary>Added to the root of the second moment, above 0.</summary>
        /// <value>The default is 1e-8.</value>
        [Range(0.0, 1.0, MinimumIsExclusive = true)]
        public double Epsilon { get; init; } = 1e-8;
    }

    readonly Options options = OptionsValidator.Validate(options, "optimizer.adamw.v1");

    /// <summary>Makes the component with its default options.</summary>
    public AdamW() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => new AdamWOptimizer(groups, options);
}
