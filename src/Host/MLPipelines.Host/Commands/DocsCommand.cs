using System.CommandLine;
using System.Text;
using MLPipelines.Components;
using MLPipelines.Host.Listing;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp docs</c>: the pages of the documentation that say what the tool says. For this repository, so not shown in the help.</summary>
internal sealed class DocsCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var output = new Option<string>("--out") { Description = "The folder of the documentation.", HelpName = "DIR", DefaultValueFactory = _ => "docs" };
        var command = new Command("docs", "Write components.md and commands.md. Example: mlp docs --out docs") { output };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (var (name, text) in Pages(terminal))
            {
                using var file = new OutputFile(Path.Combine(parsed.GetRequiredValue(output), name));
                file.Stream.Write(Encoding.UTF8.GetBytes(text));
                file.Commit();
            }

            return Tool.Success;
        });
        return command;
    }

    /// <summary>The pages by their file names.</summary>
    internal static IEnumerable<(string Name, string Text)> Pages(Terminal terminal)
    {
        // What comes with the tool; plugins and ML.NET's own steps depend on where it runs.
        var libraries = ComponentRegistry.OfApplication().Components.Where(component => component.Type.Assembly.GetName().Name!.StartsWith(nameof(MLPipelines) + ".T", StringComparison.Ordinal));
        yield return ("components.md", ComponentPage.Write([.. libraries.Select(ComponentListing.Of)]));
        yield return ("commands.md", CommandPage.Write(Tool.CreateRoot(terminal)));
    }
}
