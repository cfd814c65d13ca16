using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Lion: every element moves by the learning rate, in the direction of the sign of a momentum.</summary>
/// <remarks>
/// With gradient g, rate η and decay λ, in this order: θ ← (1 − ηλ)θ; u = sign(β₁m + (1 − β₁)g), where sign(0) = 0; θ ← θ − ηu; m ← β₂m + (1 − β₂)g.
/// One moment instead of two: less memory than AdamW. The rate is 3 to 10 times smaller than AdamW's, the decay as many times larger.
/// <para>
/// A token that is seen once and then never again keeps a momentum of one sign, and its row of the table drifts towards ±1/λ, one step of full size at a time. With
/// <see cref="Options.LazyEmbeddings"/> a row is touched only in steps in which it has a gradient (https://kexue.fm/archives/9736).
/// </para>
/// Source: Chen et al., Symbolic Discovery of Optimization Algorithms, https://arxiv.org/abs/2302.06675. Related: <see cref="Tiger"/> needs no rate tuned to the model's size.
/// </remarks>
/// <example><code>
/// using var optimizer = new Lion(new() { Beta1 = 0.95, Beta2 = 0.98 }).Create(ParameterGroup.Split(module, weightDecay: 0.1));
/// </code></example>
[PipelineComponent("optimizer.lion.v1", Source = "https://arxiv.org/abs/2302.06675", Summary = "Sign of an interpolated momentum, with decoupled weight decay")]
public sealed class Lion(Lion.Options options) : IOptimizerFactory
{
    /// <summary>Settings of <see cref="Lion"/>. Learning rate and weight decay belong to the run and to the parameter groups.</summary>
    public sealed record Options
    {
        /// <summary>The momentum's share in the direction of a step, in [0, 1). 0.95 together with 0.98 for the other is usual for language.</summary>
        /// <value>The default is 0.9.</value>
        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double Beta1 { get; init; } = 0.9;

        /// <summary>Decay rate of the momentum, in [0, 1).</summary>
        /// <value>The default is 0.99.</value>
        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double Beta2 { get; init; } = 0.99;

        /// <summary>Whether rows of embedding tables without a gradient in a step are left as they are, momentum and decay included.</summary>
        /// <value>The default is true.</value>
        public bool LazyEmbeddings { get; init; } = true;
    }

    readonly Options options = OptionsValidator.Validate(options, "optimizer.lion.v1");

    /// <summary>Makes the component with its default options.</summary>
    public Lion() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => new LionOptimizer(groups, options);
}
