using System.CommandLine;
using MLPipelines.Host.Terminals;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp train</c>: a command for each task.</summary>
internal sealed class TrainCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var command = new Command("train", "Train a model. The task can be left out when the --config file names it. Example: mlp train ner --config ner.json --epochs 3");
        foreach (var task in TrainTasks.All)
        {
            command.Add(Create(task, terminal));
        }

        return command;
    }

    private static DeferredCommand Create(ITrainTask task, Terminal terminal) => new(task.Name, task.Help, command =>
    {
        var flags = new PlanFlags(task);
        var json = CommonOptions.Json();
        command.Add(json);
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(new TrainRun(terminal, flags.Read(parsed), parsed.GetValue(json), cancellation).Run()));
    });
}
