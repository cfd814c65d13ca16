using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;

namespace MLPipelines.Trainers.Training;

public abstract partial record TrainerOptions
{
    /// <summary>Passes over the training data, at least 1.</summary>
    /// <value>The default is 10.</value>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 10;

    /// <summary>Examples in a batch, at least 1.</summary>
    /// <value>The default is 32.</value>
    [Range(1, 100_000), OptionAlias("batch")]
    public int BatchSize { get; init; } = 32;

    /// <summary>The peak learning rate, above 0. Random initial weights take about 5e-4, pretrained ones about 2e-5.</summary>
    /// <value>The default is 5e-4.</value>
    [Range(0.0, 10.0, MinimumIsExclusive = true), OptionAlias("lr")]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>How parameters follow from gradients, a component of the kind <c>optimizer</c>.</summary>
    /// <value>The default is <c>adamw</c>.</value>
    [Required]
    public ComponentReference Optimizer { get; init; } = "adamw";

    /// <summary>How the learning rate changes over the steps, a component of the kind <c>schedule</c>. <see cref="WarmUpRatio"/> is handed to it unless its own options say otherwise.</summary>
    /// <value>The default is <c>linear</c>.</value>
    [Required]
    public ComponentReference Schedule { get; init; } = "linear";

    /// <summary>The number type of matrix products in training; the trained model is a float32 model in any case.</summary>
    /// <value>The default is <see cref="Precision.Float32"/>.</value>
    [EnumDataType(typeof(Precision))]
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>The weight α of R-Drop: every batch is run twice with different dropout, and (α/4)·D is added to the loss, where D is the symmetric KL divergence of the two answers. 0 = off. For whole texts, where D is a mean over rows, 4 is usual and 1 to 5 sensible. For spans D is a sum over the n² cells of a table, and a mean over texts and labels: it grows with the length of texts, and 4 can drown the loss where the first weights are random; begin with 0.02 there, and raise it while the validation result rises. It doubles the time of a step.</summary>
    /// <value>The default is 0.</value>
    [Range(0.0, 1000.0)]
    public double RDrop { get; init; }

    /// <summary>
    /// The weight of virtual adversarial training: the change of the result under the worst small change of the token embedding is penalised. 0 = off. 1 suits one class for each text,
    /// 0.1 several labels, 0.01 spans, whose change is a sum over the cells of a table: too large a weight drowns the loss, and nothing is learned. Raise it while the validation
    /// result rises. It triples the time of a step.
    /// </summary>
    /// <value>The default is 0.</value>
    [Range(0.0, 1000.0)]
    public double Vat { get; init; }

    /// <summary>Further middleware of the training step, components of the kind <c>step</c>; the first is the outermost.</summary>
    /// <value>The default is null: none.</value>
    public IReadOnlyList<ComponentReference>? Regularizers { get; init; }

    /// <summary>The parts into which a batch is cut, at least 1: their gradients add up to those of the whole batch, in the memory of one part.</summary>
    /// <value>The default is 1.</value>
    [Range(1, 100_000)]
    public int Accumulation { get; init; } = 1;

    /// <summary>The decay of an exponential moving average of the weights, in [0, 1), which is validated and kept in place of the weights themselves; 0 = off, 0.999 is usual.</summary>
    /// <value>The default is 0.</value>
    [Range(0.0, 0.999999), OptionAlias("ema")]
    public double AverageDecay { get; init; }

    /// <summary>What the learning rate of the encoder's deepest layer is multiplied with for each layer below it, in (0, 1]; 1 = all layers alike, 0.9 is usual for a pretrained encoder.</summary>
    /// <value>The default is 1.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double LayerDecay { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with for the head, whose weights are new also on a pretrained encoder; above 0.</summary>
    /// <value>The default is 1.</value>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double HeadRate { get; init; } = 1;

    /// <summary>Decoupled weight decay of matrices, at least 0; biases and norms never decay. Where a few thousand rows train random first weights, 0.5 to 1 keeps them from being learned by heart.</summary>
    /// <value>The default is 0.01.</value>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The part of all steps in which the learning rate rises, in [0, 1].</summary>
    /// <value>The default is 0.1.</value>
    [Range(0.0, 1.0), OptionAlias("warmup")]
    public double WarmUpRatio { get; init; } = 0.1;

    /// <summary>The largest global norm of the gradients of a step, at least 0; larger ones are scaled down. 0 = no limit.</summary>
    /// <value>The default is 1.</value>
    [Range(0.0, 1e9)]
    public double MaximumGradientNorm { get; init; } = 1;

    /// <summary>Epochs without a better result on the validation data after which training stops; 0 = never.</summary>
    /// <value>The default is 0.</value>
    [Range(0, 100_000)]
    public int Patience { get; init; }

    /// <summary>The part of the training rows that is set aside at random for validation when no validation data are given, in [0, 0.9]; 0 = none.</summary>
    /// <value>The default is 0.</value>
    [Range(0.0, 0.9)]
    public double ValidationFraction { get; init; }

    /// <summary>Minutes after which training ends, at least 0; the learning rate then falls over that time. 0 = only the number of epochs counts. A run with a limit cannot be repeated exactly.</summary>
    /// <value>The default is 0.</value>
    [Range(0.0, 1e6)]
    public double Minutes { get; init; }

    /// <summary>Steps in a row whose loss or gradient is not finite, and which are therefore skipped, after which training fails; at least 1.</summary>
    /// <value>The default is 10.</value>
    [Range(1, int.MaxValue)]
    public int MaximumSkippedSteps { get; init; } = 10;

    /// <summary>The loop that these settings describe.</summary>
    internal TrainingLoop.Options Loop => new(Epochs, BatchSize, LearningRate, WeightDecay, Patience, OnCancellation)
    {
        Accumulation = Accumulation,
        Precision = Precision,
        Rates = new() { LayerDecay = LayerDecay, Rules = HeadRate == 1 ? [] : [new() { Names = "head.*", RateFactor = HeadRate }] },
        MaximumSkippedSteps = MaximumSkippedSteps,
        TimeLimit = TimeSpan.FromMinutes(Minutes),
    };

    /// <summary>The schedule, with the warm-up of these settings where its own options do not say otherwise.</summary>
    internal ISchedule CreateSchedule(ComponentRegistry registry)
    {
        var json = Schedule.OptionsWith(Schedule.Find<ISchedule>(registry), nameof(WarmUpRatio), WarmUpRatio);
        return new ComponentReference(Schedule.Component, json).Resolve<ISchedule>(registry);
    }

    /// <summary>The middleware, outermost first: averaging, what was added, consistency, clipping.</summary>
    internal IEnumerable<ITrainingStep> CreateSteps(ComponentRegistry registry)
    {
        if (AverageDecay > 0) yield return new WeightAverage(new() { Decay = AverageDecay });
        foreach (var step in Regularizers ?? []) yield return step.Resolve<ITrainingStep>(registry);
        if (RDrop > 0) yield return new RDrop(new() { Alpha = RDrop });
        if (Vat > 0) yield return new VirtualAdversarialTraining(new() { Weight = Vat });
        if (MaximumGradientNorm > 0) yield return new GradientClipping(new() { MaximumNorm = MaximumGradientNorm });
    }

    /// <summary>Whether a step uses rows without labels. What the steps of plugins do with them is theirs to know, so these count.</summary>
    /// <param name="registry">Where components are found.</param>
    public bool UsesUnlabeledData(ComponentRegistry registry)
    {
        return Vat > 0 || (Regularizers ?? []).Any(step => Uses(step.Find<ITrainingStep>(registry).Type));

        static bool Uses(Type step) => step == typeof(VirtualAdversarialTraining) || step.Assembly != typeof(VirtualAdversarialTraining).Assembly;
    }

    /// <summary>Fails for middleware that cannot work with a task, before any data are read.</summary>
    /// <param name="task">The class of the trainer's task.</param>
    /// <param name="trainer">The trainer, for messages.</param>
    /// <exception cref="ArgumentException">There is such middleware.</exception>
    internal void CheckSteps(Type task, string trainer)
    {
        foreach (var step in CreateSteps(ComponentRegistry.OfApplication()))
        {
            (step as IDisposable)?.Dispose();
            if (!step.NeededTask.IsAssignableFrom(task)) throw TrainerErrors.StepNotForTrainer(step, trainer);
        }
    }
}
