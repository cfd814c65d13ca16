using Microsoft.ML;
using MLPipelines.Host.Models;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>
/// One kind of training: <c>mlp train NAME</c>, and <c>"task": "NAME"</c> in a configuration file. Every class that implements it is found and becomes a command;
/// files, flags, configuration, progress, saving and metrics are the same for all.
/// </summary>
internal interface ITrainTask
{
    /// <summary>The name in <c>mlp train NAME</c>.</summary>
    string Name { get; }

    /// <summary>What the command says in its help; the last line is <c>Example: mlp train NAME …</c>.</summary>
    string Help { get; }

    /// <summary>
    /// The settings of the task's trainer with the tool's defaults; each becomes a flag and a key. The trainer is the component class around the record, made by its constructor
    /// <c>(IHostEnvironment, Options)</c>. Null for a task whose steps come from the configuration file alone.
    /// </summary>
    TrainerOptions? Defaults { get; }

    /// <summary>Properties of <see cref="Defaults"/> that are neither flags nor keys outside of a step, because the task knows what they have to be.</summary>
    IReadOnlyCollection<string> Hidden => [];

    /// <summary>A record with the settings of the data files, such as what offsets count; each becomes a flag and a key.</summary>
    object Data { get; }

    /// <summary>Whether a row has any number of labels (true) or one (false), all of which the training data must have, too; null where that does not matter.</summary>
    bool? HasManyLabels => null;

    /// <summary>The trainer's settings for data that are read in this way.</summary>
    /// <param name="options">The settings as the user gave them.</param>
    /// <param name="data">The settings of the data files, of the type of <see cref="Data"/>.</param>
    TrainerOptions Adapt(TrainerOptions options, object data) => options;

    /// <summary>The seed of the whole run where no trainer among the steps has one.</summary>
    /// <param name="data">The settings, of the type of <see cref="Data"/>.</param>
    int? Seed(object data) => null;

    /// <summary>Opens a data file.</summary>
    /// <param name="context">The context.</param>
    /// <param name="path">The file.</param>
    /// <param name="data">The settings, of the type of <see cref="Data"/>.</param>
    /// <param name="options">The trainer's settings, for its columns; null when the task's own trainer is not among the steps.</param>
    IDataView Load(MLContext context, string path, object data, TrainerOptions? options);

    /// <summary>Metrics of a model on labelled rows; null when the task knows none.</summary>
    /// <param name="context">The context.</param>
    /// <param name="model">The model of all steps.</param>
    /// <param name="rows">What <see cref="Load"/> gave.</param>
    /// <param name="options">As for <see cref="Load"/>.</param>
    Evaluation? Evaluate(MLContext context, ITransformer model, IDataView rows, TrainerOptions? options);
}
