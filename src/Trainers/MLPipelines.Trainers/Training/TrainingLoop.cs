using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Optimizers;
using MLPipelines.Trainers.Schedules;
using MLPipelines.Trainers.Steps;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>The one training loop: epochs, shuffled batches of similar length, middleware, validation, best weights, early stopping, cancellation.</summary>
/// <remarks>
/// It trains the task's module in place and leaves the best weights in it. Everything random comes from the generator passed in, so the same seed gives the
/// same model on the same CPU. Every tensor that a step makes is freed when the step ends, also when it throws.
/// </remarks>
/// <param name="options">Epochs, batch size, rates.</param>
/// <param name="optimizer">Makes the optimiser.</param>
/// <param name="schedule">How the learning rate changes.</param>
/// <param name="steps">Middleware; the first is the outermost.</param>
public sealed class TrainingLoop(TrainingLoop.Options options, IOptimizerFactory optimizer, ISchedule schedule, IReadOnlyList<ITrainingStep> steps)
{
    /// <summary>Settings of a run.</summary>
    /// <param name="Epochs">Passes over the training examples, at least 1.</param>
    /// <param name="BatchSize">Examples in a batch, at least 1.</param>
    /// <param name="LearningRate">The peak learning rate.</param>
    /// <param name="WeightDecay">Decoupled decay of matrices; biases and norms never decay.</param>
    /// <param name="Patience">Epochs without improvement of the validation metric after which training stops; 0 = never.</param>
    /// <param name="OnCancellation">What a cancelled run does.</param>
    public sealed record Options(
        [property: Range(1, int.MaxValue)] int Epochs,
        [property: Range(1, int.MaxValue)] int BatchSize,
        [property: Range(0.0, double.MaxValue, MinimumIsExclusive = true)] double LearningRate,
        [property: Range(0.0, double.MaxValue)] double WeightDecay,
        [property: Range(0, int.MaxValue)] int Patience,
        [property: EnumDataType(typeof(CancellationBehavior))] CancellationBehavior OnCancellation)
    {
        /// <summary>The parts into which a batch is cut, at least 1. Their gradients add up to those of the whole batch, in the memory of one part.</summary>
        /// <value>The default is 1.</value>
        [Range(1, int.MaxValue)]
        public int Accumulation { get; init; } = 1;

        /// <summary>The number type of matrix products in training.</summary>
        /// <value>The default is <see cref="Precision.Float32"/>.</value>
        [EnumDataType(typeof(Precision))]
        public Precision Precision { get; init; } = Precision.Float32;

        /// <summary>How the learning rate differs between parameters.</summary>
        /// <value>The default is one rate for all.</value>
        [Required]
        public ParameterRates Rates { get; init; } = new();

        /// <summary>Steps in a row whose loss or gradient is not finite, and which are therefore skipped, after which the run fails; at least 1.</summary>
        /// <value>The default is 10.</value>
        [Range(1, int.MaxValue)]
        public int MaximumSkippedSteps { get; init; } = 10;

        /// <summary>The time after which the run ends with the epoch that it is in; the learning rate falls over that time. Zero is no limit.</summary>
        /// <value>The default is zero.</value>
        public TimeSpan TimeLimit { get; init; }
    }

    readonly Options options = OptionsValidator.Validate(options, nameof(TrainingLoop));

    /// <summary>Trains.</summary>
    /// <param name="task">What to train.</param>
    /// <param name="generator">The run's random numbers, on the CPU.</param>
    /// <param name="progress">Called after every step and every epoch, on the calling thread; what it throws ends the run.</param>
    /// <param name="cancellationToken">Checked before every step and during validation.</param>
    /// <returns>What happened. The task's module holds the best weights and is in evaluation mode.</returns>
    /// <exception cref="ArgumentException">The task has no examples.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled, unless the options ask for the best model so far.</exception>
    /// <exception cref="InvalidOperationException">The loss or the gradient was not finite for too many steps in a row.</exception>
    public TrainingReport Run(ITrainingTask task, Generator generator, Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Run(task, generator, progress, checkpoint: null, interrupted: null, cancellationToken);

    // States are written to the checkpoint, and the run goes on from the interrupted one's where there is one.
    internal TrainingReport Run(
        ITrainingTask task, Generator generator, Action<TrainingProgress>? progress, TrainingCheckpoint? checkpoint, TrainingState? interrupted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(generator);
        if (task.Lengths.Count == 0) throw TrainerErrors.NoExamples();
        using var memory = new StepMemory();
        using var run = new TrainingRun(options, optimizer, schedule, steps, task, generator, progress, checkpoint, cancellationToken);
        return run.Execute(interrupted);
    }
}
