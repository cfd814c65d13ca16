using System.CommandLine;
using MLPipelines.Host.Templates;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp new</c>: starting points.</summary>
internal sealed class NewCommand : IToolCommand
{
    public Command Create(Terminal terminal) => new("new", "Write the beginning of something. Example: mlp new plugin Acme") { Plugin(terminal) };

    private static Command Plugin(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The plugin's name: a C# name such as Acme, with dots if you like. Its components are called after it." };
        var output = new Option<string?>("--out") { Description = "The folder to write to [default: NAME in the current folder]", HelpName = "DIR" };
        var source = new Option<string?>("--source")
        {
            Description = "A source checkout of MLPipelines to build against, instead of packages [default: the one that this tool runs from, if it does]", HelpName = "DIR",
        };
        var packages = new Option<string?>("--packages")
        {
            Description = "A folder with packages of MLPipelines to build against, beside the feeds that NuGet is set up with; dotnet pack MLPipelines.Packages.slnf -o DIR fills one.", HelpName = "DIR",
        };
        var command = new Command(
            "plugin", "Write a solution with a loss, an encoder and a transform, their tests, data and a configuration: it builds, tests and trains at once. Example: mlp new plugin Acme --out Acme")
        {
            name, output, source, packages,
        };
        command.SetAction(parsed =>
        {
            var plugin = parsed.GetRequiredValue(name);
            var folder = parsed.GetValue(output) ?? plugin;
            var files = PluginTemplate.Write(plugin, folder, new LibraryOrigin(parsed.GetValue(source), parsed.GetValue(packages)));
            terminal.Say($"wrote {files} files to {folder}. Next: cd {folder}, then dotnet test -c Release; README.md says more.");
            return Tool.Success;
        });
        return command;
    }
}
