using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>Mixup: the rows of a batch are blended with each other, features and soft labels alike.</summary>
/// <remarks>
/// Each row i has a random partner j and a share λ from Beta(α, α): its features become λ · xᵢ + (1 − λ) · xⱼ and its targets λ · yᵢ + (1 − λ) · yⱼ. Words cannot be blended, so it is
/// done with the vector of a text that goes into the last layer. Partners are a random permutation of the batch, and every row draws a λ of its own.
/// The task implements <see cref="IMixableTask"/>, and its loss takes probabilities.
/// Source: Zhang et al., mixup, https://arxiv.org/abs/1710.09412; for text, Guo et al., https://arxiv.org/abs/1905.08941.
/// </remarks>
/// <example><code>
/// var loop = new TrainingLoop(options, new AdamW(), new LinearSchedule(), [new Mixup(new() { Alpha = 0.2 })]);
/// </code></example>
[PipelineComponent("step.mixup.v1", Source = "https://arxiv.org/abs/1710.09412", Summary = "Rows and soft labels of a batch blended with each other")]
public sealed class Mixup(Mixup.Options options) : ITrainingStep
{
    /// <summary>Settings of <see cref="Mixup"/>.</summary>
    public sealed record Options
    {
        /// <summary>How even the blends are, at least 0: small values leave most rows nearly as they are, 1 makes every share equally likely, 0 turns blending off.</summary>
        /// <value>The default is 0.2.</value>
        [Range(0.0, 100.0)]
        public double Alpha { get; init; } = 0.2;
    }

    readonly Options options = OptionsValidator.Validate(options, "step.mixup.v1");

    /// <summary>Makes the middleware with its default options.</summary>
    public Mixup() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public Type NeededTask => options.Alpha == 0 ? typeof(ITrainingTask) : typeof(IMixableTask);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The task's rows cannot be blended.</exception>
    public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (options.Alpha == 0) return next(context);
        if (context.Task is not IMixableTask task) throw TrainerErrors.NeedsTask("step.mixup.v1", typeof(IMixableTask), context.Task);
        var batch = context.Batch;
        var mixture = Draw(batch.Rows, context.Generator, batch.Targets.device);
        try
        {
            context.Batch = batch with { Mixture = mixture, Targets = mixture.Apply(task.SoftTargets(batch)) };
            return next(context);
        }
        finally
        {
            context.Batch = batch;
        }
    }

    Mixture Draw(int rows, Generator generator, Device device)
    {
        // 64 bits: versions of libtorch draw from a range just below 2^31 differently.
        using var seed = randint(0, long.MaxValue, [1], ScalarType.Int64, CPU, false, generator);
        var random = new Random((int)seed.item<long>());
        var shares = Enumerable.Range(0, rows).Select(_ => (float)Beta(options.Alpha, random)).ToArray();
        return new Mixture(randperm(rows, generator: generator).to(device), tensor(shares, [rows, 1], device: device));
    }

    /// <summary>A draw from Beta(a, a).</summary>
    static double Beta(double a, Random random)
    {
        // As differences of logarithms: for small a both gammas may be below what a double can hold.
        var difference = LogGamma(a, random) - LogGamma(a, random);
        return 1 / (1 + Math.Exp(-difference));
    }

    /// <summary>The logarithm of a draw from Gamma(a, 1), by the method of Marsaglia and Tsang, https://doi.org/10.1145/358407.358414.</summary>
    static double LogGamma(double a, Random random)
    {
        if (a < 1) return LogGamma(a + 1, random) + Math.Log(1 - random.NextDouble()) / a;
        var d = a - 1 / 3.0;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var v = Math.Pow(1 + c * normal, 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < 0.5 * normal * normal + d - d * v + d * Math.Log(v)) return Math.Log(d * v);
        }
    }
}
