using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Training;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.SpanExtraction;

namespace MLPipelines.Host.Models;

/// <summary>How labelled data are read for evaluation: as the training data were, unless the user says how the file at hand differs.</summary>
/// <param name="Train">The kind of training whose data these are; null for pairs of sentences.</param>
/// <param name="Data">The settings, of the type of <see cref="ITrainTask.Data"/>.</param>
internal sealed record DataSettings(ITrainTask? Train, object Data)
{
    /// <summary>What offsets count.</summary>
    internal TextOffsets Offsets => Data is NerTrainTask.Files files ? files.Offsets : TextOffsets.CodePoints;

    /// <summary>Where texts and labels stand.</summary>
    internal LabeledTextFormat Format => Data as LabeledTextFormat ?? new();

    /// <summary>A set of flags for each kind of data.</summary>
    internal static IReadOnlyList<SettingFlags> CreateFlags() =>
        [.. TrainTasks.All.Select(task => task.Data).DistinctBy(data => data.GetType()).Select(data => new SettingFlags(new SettingTable(data, hidden: [nameof(PipelineTrainTask.Files.Seed)])))];

    /// <summary>The settings for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isStock">Whether one of ML.NET's own evaluators measures, on data as they were for training.</param>
    /// <param name="flags">What <see cref="CreateFlags"/> gave.</param>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="UsageException">A flag is not for the data of this model.</exception>
    internal static DataSettings Read(LoadedModel model, bool isStock, IReadOnlyList<SettingFlags> flags, ParseResult parsed)
    {
        var trained = ConfigInModel.TextOf(model.Config, "task");
        // A trainer of sentence pairs makes a model of vectors, like those that were not trained.
        var isOfPairs = model.Task.MakesVectors && TrainTasks.All.Any(task => task.Name == trained && task.Data is LabeledTextFormat);
        var train = TrainTasks.All.FirstOrDefault(task => task.Name == (isStock || isOfPairs ? trained : model.Task.Name)) ?? (isStock ? TrainTasks.All.Single(task => task.Name == LoadedModel.AnyModel.Name) : null);
        var data = train is not null && train.Name == trained ? Trained(train.Data.GetType(), model.Config!["data"]) : train?.Data ?? new LabeledTextFormat();
        var given = flags.Select(set => (Set: set, Values: set.Read(parsed))).ToList();
        if (given.Where(other => other.Set.Table.Type != data.GetType()).SelectMany(other => other.Values.Keys).FirstOrDefault() is { } other)
        {
            throw new UsageException($"--{other.Name}: the data of {model.FilePath}, a model of the kind {model.Task.Name}, are not read with it. Their flags: {string.Join(", ", flags.Where(set => set.Table.Type == data.GetType()).SelectMany(set => set.Keys).Select(key => "--" + key))}.");
        }

        return new DataSettings(train, new SettingTable(data).Create(given.Where(mine => mine.Set.Table.Type == data.GetType()).SelectMany(mine => mine.Values).ToDictionary()));
    }

    /// <summary>The settings in a configuration: its section <c>data</c> without the files.</summary>
    private static object Trained(Type type, JsonNode? section)
    {
        var data = section?.DeepClone() as JsonObject ?? [];
        foreach (var file in TrainFiles.DataKeys)
        {
            data.Remove(file);
        }

        return OptionsJson.Read(type, JsonSerializer.SerializeToElement(data), "data");
    }
}
