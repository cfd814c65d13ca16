using System.Reflection;
using MLPipelines.Components;
using MLPipelines.Host.Plugins;
using MLPipelines.Host.Settings;

namespace MLPipelines.Host.Training;

/// <summary>The tasks that there are, and which of them a configuration file is for.</summary>
internal static class TrainTasks
{
    internal static IReadOnlyList<ITrainTask> All { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsAssignableTo(typeof(ITrainTask)) && type.IsClass)
            .Select(type => (ITrainTask)Activator.CreateInstance(type)!).OrderBy(task => task.Name, StringComparer.Ordinal),
    ];

    /// <summary>The task that a configuration file names, or whose trainer is among its steps.</summary>
    internal static ITrainTask Of(ConfigFile file)
    {
        if (file.Root["task"] is { } named)
        {
            var name = named.GetValueKind() == System.Text.Json.JsonValueKind.String ? named.GetValue<string>() : named.ToJsonString();
            return All.FirstOrDefault(task => Names.Key(task.Name) == Names.Key(name))
                ?? throw new UsageException($"{file.Where("task")}: \"task\": there is no task \"{name}\"." + Names.Suggestion(name, All.Select(task => task.Name)));
        }

        var steps = (file.Root["steps"] as System.Text.Json.Nodes.JsonArray ?? []).Select((step, i) => ConfigStep.Read(file, $"steps/{i}", step).Component).ToList();
        return All.FirstOrDefault(task => task.Defaults is not null && ComponentInfo.Of(task.Defaults.GetType().DeclaringType!) is var trainer
                && steps.Any(step => step == trainer.Id || step == trainer.Name || step == $"{trainer.Kind}.{trainer.Name}"))
            ?? throw new UsageException($"{file.FilePath}: the file does not say what to train. Add \"task\", one of: {string.Join(", ", All.Select(task => task.Name))}.");
    }

    /// <summary><c>mlp train --config FILE</c> means <c>mlp train TASK --config FILE</c>.</summary>
    internal static string[] Complete(string[] args)
    {
        var train = Array.IndexOf(args, "train");
        var noTask = train >= 0 && args.Take(train).Where((arg, i) => !arg.StartsWith('-') && (i == 0 || args[i - 1] != PluginOption.Name)).Any() is false && train + 1 < args.Length && args[train + 1].StartsWith('-');
        return noTask && ConfigPath(args) is { } path ? [.. args[..(train + 1)], Of(ConfigFile.Read(path)).Name, .. args[(train + 1)..]] : args;
    }

    private static string? ConfigPath(string[] args)
    {
        var inline = args.FirstOrDefault(arg => arg.StartsWith("--config=", StringComparison.Ordinal));
        var alone = Array.IndexOf(args, "--config");
        return inline is not null ? inline["--config=".Length..] : alone >= 0 && alone + 1 < args.Length ? args[alone + 1] : null;
    }
}
