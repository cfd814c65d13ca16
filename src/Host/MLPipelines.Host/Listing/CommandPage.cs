using System.CommandLine;
using System.Text;

namespace MLPipelines.Host.Listing;

/// <summary>The commands with their arguments and options as a page of the documentation.</summary>
internal static class CommandPage
{
    internal static string Write(RootCommand root)
    {
        var page = new StringBuilder("""
            # Commands

            Written by `./mlp docs`; a test fails when it is out of date. `mlp COMMAND --help` shows the same.

            Exit codes: 0 done, 1 it failed, 2 wrong usage or input data. Results go to standard output, everything else to standard error.


            """);
        page.Append("Options of every command:\n\n");
        Options(page, root.Options.Where(option => option.Recursive));
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            Write(page, command, ["mlp"]);
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Write(StringBuilder page, Command command, string[] parents)
    {
        string[] path = [.. parents, command.Name];
        page.Append($"{new string('#', path.Length)} `{string.Join(' ', path)}{string.Concat(command.Arguments.Select(argument => $" {argument.Name}"))}`\n\n");
        foreach (var line in (command.Description ?? "").Replace("Example: ", "\nExample: ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            page.Append(line.StartsWith("Example: ", StringComparison.Ordinal) ? $"    {line["Example: ".Length..].Trim()}\n\n" : line.Trim() + "\n\n");
        }

        if (command.Arguments.Count > 0)
        {
            page.Append("| argument | |\n|---|---|\n");
            foreach (var argument in command.Arguments)
            {
                page.Append($"| `{argument.Name}` | {ComponentPage.Cell(argument.Description ?? "")} |\n");
            }

            page.Append('\n');
        }

        Options(page, command.Options.Where(option => !option.Hidden && option is not System.CommandLine.Help.HelpOption));
        foreach (var child in command.Subcommands.Where(child => !child.Hidden))
        {
            Write(page, child, path);
        }
    }

    private static void Options(StringBuilder page, IEnumerable<Option> options)
    {
        var rows = options.ToList();
        if (rows.Count == 0)
        {
            return;
        }

        page.Append("| option | |\n|---|---|\n");
        foreach (var option in rows)
        {
            var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}`"));
            page.Append($"| {names}{(option.HelpName is null ? "" : $" {ComponentPage.Cell(option.HelpName)}")} | {ComponentPage.Cell(option.Description ?? "")} |\n");
        }

        page.Append('\n');
    }
}
