using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Stock;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>A training run with nothing left open: what the configuration file, the flags and the defaults come to.</summary>
/// <param name="Task">The task.</param>
/// <param name="Files">What is read and written.</param>
/// <param name="Data">The settings of the data files.</param>
/// <param name="Steps">The steps in order.</param>
/// <param name="Evaluation">How to measure; null for the task's own way.</param>
internal sealed record TrainPlan(ITrainTask Task, TrainFiles Files, object Data, IReadOnlyList<PipelineStep> Steps, ConfigStep? Evaluation)
{
    /// <summary>The settings of the step that trains the task's own model; null when another step does.</summary>
    internal TrainerOptions? Trainer => Steps.Select(step => step.Trainer).LastOrDefault(trainer => trainer is not null && trainer.GetType() == Task.Defaults?.GetType());

    /// <summary>The settings of all steps that train, in order.</summary>
    internal IEnumerable<TrainerOptions> Trainers => Steps.Select(step => step.Trainer).OfType<TrainerOptions>();

    internal int? Seed => Trainers.Select(trainer => trainer.Seed).FirstOrDefault(seed => seed is not null) ?? Task.Seed(Data);

    /// <summary>Reads and checks everything that can be checked without reading data.</summary>
    internal static TrainPlan Read(ParseResult parsed, ConfigFile? file, ITrainTask task, TrainFiles.Flags files, SettingFlags? trainer, SettingFlags data)
    {
        var config = file is null ? null : new TrainConfig(file, task, files, trainer, data);
        // A flag that cannot be read is reported before a file that is not given.
        var (trainerFlags, dataValues) = (trainer?.Read(parsed), Merge(config?.Data, data.Read(parsed)));
        var paths = files.Read(parsed, config?.Files ?? []);
        var settings = trainer is null ? null : new TrainerSettings(task.Defaults! with { CheckpointDirectory = paths.CheckpointDirectory }, config?.Options ?? [], trainerFlags!);
        var dataSettings = data.Table.Create(dataValues);
        var steps = ResolveSteps(config?.Steps, settings, task, dataSettings, paths.CheckpointDirectory);
        if (config?.Evaluation is { } evaluation)
        {
            // Found now, so that a typing error does not cost a training run.
            var (name, overloads) = StockCatalog.Find(StockCatalog.Instance.Evaluations, evaluation.Component, evaluation.Where(""));
            PipelineStep.Choose(evaluation, name, overloads);
        }

        var plan = new TrainPlan(task, paths, dataSettings, steps, config?.Evaluation);
        foreach (var options in plan.Trainers)
        {
            PipelineStep.CheckReferences(options, ComponentRegistry.OfApplication());
        }

        if (paths.Unlabeled is { } unlabeled)
        {
            UnlabeledTexts.Check(unlabeled, plan.Trainers, ComponentRegistry.OfApplication());
        }

        plan.CheckTrainers(ComponentRegistry.OfApplication());
        return plan;
    }

    /// <summary>Makes the trainers, which refuse settings that contradict each other and components that do not fit together.</summary>
    private void CheckTrainers(ComponentRegistry registry)
    {
        var context = new MLContext(Seed);
        foreach (var (id, options) in Steps.Where(step => step.Trainer is not null).Select(step => (step.Id, step.Trainer!)))
        {
            registry.Get(id).Create<IEstimator<ITransformer>>(options, context);
        }
    }

    /// <summary>Removes the states of a run that has ended, except those that the user gave a directory of their own.</summary>
    internal void DeleteCheckpoints()
    {
        var own = Files.CheckpointDirectory;
        var directories = Trainers.Select(trainer => trainer.CheckpointDirectory!).Where(directory => directory == own || Path.GetDirectoryName(directory) == own).ToList();
        if (directories.Exists(directory => directory != own))
        {
            // The folder of the folders.
            directories.Add(own);
        }

        directories.ForEach(TrainerOptions.DeleteCheckpoint);
    }

    /// <summary>The configuration that repeats this run.</summary>
    internal JsonObject Describe()
    {
        var (data, output) = Files.Describe();
        foreach (var (key, value) in OptionsJson.Write(Data))
        {
            data[key] = value?.DeepClone();
        }

        var described = new JsonObject { ["task"] = Task.Name, ["data"] = data, ["steps"] = new JsonArray([.. Steps.Select(step => step.Describe())]) };
        if (Evaluation is not null)
        {
            described["evaluation"] = new JsonObject { ["component"] = Evaluation.Component, ["options"] = Evaluation.Options.DeepClone() };
        }

        described["output"] = output;
        return described;
    }

    private static IReadOnlyList<PipelineStep> ResolveSteps(IReadOnlyList<ConfigStep>? steps, TrainerSettings? settings, ITrainTask task, object data, string checkpoint)
    {
        if (steps is null)
        {
            return settings is null
                ? throw new UsageException($"mlp train {task.Name} needs a --config file with \"steps\".")
                : [PipelineStep.OfTrainer(settings.Component, WithSeed(task.Adapt(settings.Read(), data)))];
        }

        var registry = ComponentRegistry.OfApplication();
        var resolved = steps.Select(step => PipelineStep.Resolve(step, registry, settings)).ToList();
        if (settings is not null && settings.Given.FirstOrDefault() is { } given && !resolved.Any(step => step.Id == settings.Component.Id))
        {
            throw new UsageException($"{given.Name} is a setting of '{settings.Component.Id}', which is not among the steps. Put it into the \"options\" of the step that it is meant for.");
        }

        var several = resolved.Count(step => step.Trainer is not null) > 1;
        return [.. resolved.Select((step, i) => step.Trainer is { } trainer ? PipelineStep.OfTrainer(registry.Get(step.Id), WithSeed(trainer with { CheckpointDirectory = Directory(trainer.CheckpointDirectory, i) })) : step)];

        // Each of several trainers keeps a state of its own.
        string Directory(string? given, int step) => given is not null && given != checkpoint ? given
            : several ? Path.Combine(checkpoint, string.Create(CultureInfo.InvariantCulture, $"step-{step + 1}")) : checkpoint;
    }

    // A run without a seed gets one that is written down, so that it can be repeated. One that goes on has one already.
    private static TrainerOptions WithSeed(TrainerOptions options)
    {
        var interrupted = options.Resume ? TrainerOptions.SeedOfCheckpoint(options.CheckpointDirectory!) : null;
        return options.Seed is null ? options with { Seed = interrupted ?? RandomNumberGenerator.GetInt32(1_000_000) } : options;
    }

    private static Dictionary<Setting, JsonNode?> Merge(Dictionary<Setting, JsonNode?>? config, Dictionary<Setting, JsonNode?> flags)
    {
        var merged = new Dictionary<Setting, JsonNode?>(config ?? []);
        foreach (var (setting, value) in flags)
        {
            merged[setting] = value;
        }

        return merged;
    }
}
