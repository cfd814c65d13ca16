using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Optimizers;

/// <summary>Tiger: the sign of a momentum, with a step in proportion to the size of each parameter, one moment and no buffer for accumulating gradients.</summary>
/// <remarks>
/// With gradient g, rate α and decay λ: m ← βm + (1 − β)g; θ ← θ − η · (sign(m) + λθ), where sign(0) = 0 and η depends on what the parameter is
/// (<see cref="ParameterGroup.Role"/>): α · RMS(θ) over the whole matrix; α · RMS(row) for each row of an embedding table; α/2 for biases and gains, which
/// <see cref="ParameterGroup.Split"/> gives no decay. RMS(θ) = √(mean θ²), before the step. The rate is thus relative: about 0.001 fits models of every size. A matrix that is 0
/// throughout never moves.
/// <para>
/// <b>Accumulation</b> of k steps into one: with t counted from 0, m ← (β if t mod k = 0, else 1) · m + (1 − β)/k · g, and θ changes only when (t + 1) mod k = 0. The momentum itself is the
/// accumulator, so a batch of any size needs no more memory than a part of it.
/// </para>
/// <para>
/// <b>Guard</b>: where the gradient of a tensor is not finite, its m stays as it is, and θ ← (θ − c)s + c pulls the tensor towards its neutral value c (1 for gains, 0 for others),
/// with s = <see cref="Options.ShrinkRatio"/>, in every step, also inside a round of accumulation.
/// </para>
/// <para>
/// <b>Tables</b>: a token that is seen once and then never again keeps a momentum of one sign, and its row drifts by a step of full size at a time, towards ±1/λ. With
/// <see cref="Options.LazyEmbeddings"/> a row changes only in steps in which it has a gradient (https://kexue.fm/archives/9736).
/// </para>
/// Source: Su, Tiger: A Tight-fisted Optimizer, https://kexue.fm/archives/9512. Related: <see cref="Lion"/>.
/// </remarks>
/// <example><code>
/// var loop = new TrainingLoop(options with { LearningRate = 1e-3, WeightDecay = 0.01 }, new Tiger(), new LinearSchedule(), []);
/// </code></example>
[PipelineComponent("optimizer.tiger.v1", Source = "https://kexue.fm/archives/9512", Summary = "Sign of the momentum, steps relative to each parameter's size, least memory")]
public sealed class Tiger(Tiger.Options options) : IOptimizerFactory
{
    /// <summary>Settings of <see cref="Tiger"/>. The relative rate and weight decay belong to the run and to the parameter groups.</summary>
    public sealed record Options
    {
        /// <summary>Decay rate of the momentum, in [0, 1). 0.945 is usual for images.</summary>
        /// <value>The default is 0.965.</value>
        [Range(0.0, 1.0, MaximumIsExclusive = true)]
        public double Beta { get; init; } = 0.965;

        /// <summary>Steps k of which one changes the parameters, at least 1.</summary>
        /// <value>The default is 1.</value>
        [Range(1, 1_000_000)]
        public int Accumulation { get; init; } = 1;

        /// <summary>What a tensor without a finite gradient is multiplied with, in (0, 1].</summary>
        /// <value>The default is 0.99.</value>
        [Range(0.0, 1.0, MinimumIsExclusive = true)]
        public double ShrinkRatio { get; init; } = 0.99;

        /// <summary>Whether rows of embedding tables change only in steps in which they have a gradient. With accumulation: in the k steps that end with the change.</summary>
        /// <value>The default is true.</value>
        public bool LazyEmbeddings { get; init; } = true;
    }

    readonly Options options = OptionsValidator.Validate(options, "optimizer.tiger.v1");

    /// <summary>Makes the component with its default options.</summary>
    public Tiger() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => new TigerOptimizer(groups, options);
}
