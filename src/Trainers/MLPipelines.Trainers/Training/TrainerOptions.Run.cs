using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.ML;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Training;

public abstract partial record TrainerOptions
{
    /// <summary>The seed of everything random. The same seed on the same processor gives the same model. Null takes the context's seed, or a random one where it has none.</summary>
    /// <value>The default is null.</value>
    public int? Seed { get; init; }

    /// <summary>Where to compute: <c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value>The default is <c>auto</c>.</value>
    [Required]
    public string Device { get; init; } = "auto";

    /// <summary>Threads for computing on the processor while training, at least 1; null = one for each processor.</summary>
    /// <value>The default is null.</value>
    [Range(1, 4096)]
    public int? Threads { get; init; }

    /// <summary>A directory for the state of the run, written now and then, when the run is cancelled and when it ends, from which an interrupted run goes on. It stays when the run has ended. Null = none is kept.</summary>
    /// <value>The default is null.</value>
    [OptionAlias("checkpoint")]
    public string? CheckpointDirectory { get; init; }

    /// <summary>Seconds between two states in <see cref="CheckpointDirectory"/>, at least 0; never more often than costs a twentieth of the time, except that 0 writes one after every step.</summary>
    /// <value>The default is 60.</value>
    [Range(0.0, 1e6)]
    public double CheckpointSeconds { get; init; } = 60;

    /// <summary>
    /// Whether to go on from the state in <see cref="CheckpointDirectory"/>, with the same data and settings; where there is none the run begins at the start. The result is the same as without the interruption.
    /// A run that does not go on keeps the state of an earlier one until it writes its own.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Resume { get; init; }

    /// <summary>What a cancelled Fit does: throw, or give the best model so far.</summary>
    /// <value>The default is <see cref="CancellationBehavior.Throw"/>.</value>
    [EnumDataType(typeof(CancellationBehavior))]
    public CancellationBehavior OnCancellation { get; init; } = CancellationBehavior.Throw;

    /// <summary>Cancels Fit; checked for every row read and before every step.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Rows for validation after each epoch, with the columns of the training data. They decide which epoch's weights are kept.</summary>
    /// <value>The default is null.</value>
    [JsonIgnore]
    public IDataView? ValidationData { get; init; }

    /// <summary>Rows with the text column alone, for regularisers that need no labels: with <see cref="Vat"/>, each step takes as many of them as the batch has rows.</summary>
    /// <value>The default is null.</value>
    [JsonIgnore]
    public IDataView? UnlabeledData { get; init; }

    /// <summary>Called after every step and every epoch, on the thread that calls Fit.</summary>
    /// <value>The default is null.</value>
    [JsonIgnore]
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Called once at the end of Fit, before it returns, with what happened.</summary>
    /// <value>The default is null.</value>
    [JsonIgnore]
    public Action<TrainingReport>? Completed { get; init; }

    /// <summary>The seed of the run that has left its state in a <see cref="CheckpointDirectory"/>, which a run that goes on has, too.</summary>
    /// <param name="directory">The directory; it need not exist.</param>
    /// <returns>The seed; null where there is no state that can be read.</returns>
    public static int? SeedOfCheckpoint(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return TrainingCheckpoint.SeedOf(directory);
    }

    /// <summary>Removes the state of a run from its <see cref="CheckpointDirectory"/>, when the model has been saved and nothing is left to go on with. Other files stay; an empty directory goes too.</summary>
    /// <param name="directory">The directory; it need not exist.</param>
    public static void DeleteCheckpoint(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        TrainingCheckpoint.Clear(directory);
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
    }
}
