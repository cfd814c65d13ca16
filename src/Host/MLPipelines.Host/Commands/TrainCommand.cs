using System.CommandLine;
using System.Reflection;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp train</c>: the parent of everything that can be trained.</summary>
internal sealed class TrainCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var command = new Command("train", "Train a model.");
        var tasks = Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsAssignableTo(typeof(ITrainTask)) && type.IsClass);
        foreach (var task in tasks.Select(type => ((ITrainTask)Activator.CreateInstance(type)!).Create(terminal)).OrderBy(task => task.Name, StringComparer.Ordinal))
        {
            command.Add(task);
        }

        return command;
    }
}
