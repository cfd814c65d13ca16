using System.CommandLine;
using System.Text.Json.Nodes;
using MLPipelines.Components;
using MLPipelines.Host.Listing;
using MLPipelines.Host.Terminals;
using Spectre.Console;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp components</c>: everything that a configuration can name.</summary>
internal sealed class ComponentsCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var filter = new Argument<string?>("NAME") { Description = "Show only components whose id contains this.", Arity = ArgumentArity.ZeroOrOne };
        var json = CommonOptions.Json();
        var command = new Command(
            "components", "List every component with its options, those of plugins and ML.NET's own steps too. Example: mlp components loss --json") { filter, json };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(filter) ?? "";
            var registry = ComponentRegistry.OfApplication();
            var found = registry.Components.Select(ComponentListing.Of).Concat(ComponentListing.Stock()).Where(component => component.Id.Contains(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
            if (parsed.GetValue(json))
            {
                terminal.Output.WriteLine(JsonText.Line(new JsonObject
                {
                    ["components"] = new JsonArray([.. found.Select(component => component.Describe())]),
                    ["problems"] = new JsonArray([.. registry.Problems.Select(problem => JsonValue.Create(problem))]),
                }));
            }
            else
            {
                Print(found, terminal.OutputConsole);
                registry.Problems.ToList().ForEach(terminal.Warn);
                terminal.Say(found.Count == 1 ? "1 component" : $"{found.Count} components");
            }

            return Tool.Success;
        });
        return command;
    }

    private static void Print(IEnumerable<ComponentListing> components, IAnsiConsole console)
    {
        foreach (var component in components)
        {
            console.MarkupLine($"[bold]{Markup.Escape(component.Id)}[/]  {Markup.Escape(component.Summary)}");
            console.MarkupLine($"    [grey]{Markup.Escape(component.Assembly)}{(component.Source is null ? "" : "  " + Markup.Escape(component.Source))}[/]");
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(4, 0, 2, 0)).AddColumn().AddColumn();
            foreach (var option in component.Options)
            {
                grid.AddRow(Markup.Escape(option.Name), Markup.Escape(option.Expected + (option.Default is null ? "" : $"; default {option.Default}")), Markup.Escape(option.Description));
            }

            console.Write(grid);
        }
    }
}
