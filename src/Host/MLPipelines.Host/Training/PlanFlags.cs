using System.CommandLine;
using MLPipelines.Host.Settings;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>Every flag of a task's training command, and the plan that they and the configuration file make.</summary>
internal sealed class PlanFlags
{
    private readonly ITrainTask _task;
    private readonly TrainFiles.Flags _files;
    private readonly Option<string?> _config = new("--config") { Description = "A JSON file with any of these options as keys, and steps; flags win over it.", HelpName = "FILE" };
    private readonly SettingFlags? _trainer;
    private readonly SettingFlags _data;

    internal PlanFlags(ITrainTask task)
    {
        _task = task;
        _files = new TrainFiles.Flags(usesUnlabeled: task.Defaults is not null && !task.Hidden.Contains(nameof(TrainerOptions.Vat)));
        _data = new SettingFlags(new SettingTable(task.Data));
        // A column of the files and a column of the view are called alike; what a user names is the file's.
        _trainer = task.Defaults is null ? null : new SettingFlags(new SettingTable(task.Defaults, hidden: [.. _data.Table.Settings.Select(setting => setting.Path[^1].Name), .. task.Hidden]));
    }

    internal void AddTo(Command command)
    {
        _files.AddTo(command);
        command.Add(_config);
        _data.AddTo(command);
        _trainer?.AddTo(command);
    }

    /// <summary>The settings of the data files.</summary>
    internal IEnumerable<Setting> Data => _data.Settings;

    /// <summary>The settings of the task's trainer that are flags and keys of their own.</summary>
    internal IEnumerable<Setting> Trainer => _trainer?.Settings ?? [];

    /// <summary>The plan of a configuration file alone.</summary>
    internal static TrainPlan Read(string path)
    {
        var flags = new PlanFlags(TrainTasks.Of(ConfigFile.Read(path)));
        var command = new Command(flags._task.Name);
        flags.AddTo(command);
        return flags.Read(command.Parse(["--config", path]));
    }

    internal TrainPlan Read(ParseResult parsed) =>
        TrainPlan.Read(parsed, parsed.GetValue(_config) is { } path ? ConfigFile.Read(path) : null, _task, _files, _trainer, _data);
}
