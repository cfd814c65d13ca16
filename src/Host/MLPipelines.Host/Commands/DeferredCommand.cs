using System.CommandLine;

namespace MLPipelines.Host.Commands;

/// <summary>
/// A command whose flags come from options records. Reading those and their documentation takes longer than many a command runs, so it is done only for a command line that names the command.
/// </summary>
/// <param name="name">The name.</param>
/// <param name="help">What it says in the help, also where the flags are not needed.</param>
/// <param name="declare">Adds arguments, options and the action.</param>
internal sealed class DeferredCommand(string name, string help, Action<Command> declare) : Command(name, help)
{
    /// <summary>Declares the commands below another one that a command line names.</summary>
    /// <param name="command">The command to look below.</param>
    /// <param name="args">The command line; null for every command.</param>
    internal static void DeclareBelow(Command command, IEnumerable<string>? args)
    {
        // Words inside an argument count too: a request for completion has the whole line in one. What a response file says is not known yet.
        var words = args?.SelectMany(arg => arg.Split(' ')).ToHashSet(StringComparer.Ordinal);
        DeclareBelow(command, words is null || words.Any(word => word.StartsWith('@')) ? _ => true : words.Contains);
    }

    private static void DeclareBelow(Command command, Func<string, bool> isNamed)
    {
        foreach (var child in command.Subcommands)
        {
            if (isNamed(child.Name))
            {
                (child as DeferredCommand)?.Declare();
            }

            DeclareBelow(child, isNamed);
        }
    }

    private void Declare() => declare(this);
}
