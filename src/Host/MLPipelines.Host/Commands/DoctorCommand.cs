using System.CommandLine;
using System.Text.Json.Nodes;
using MLPipelines.Host.Diagnostics;
using MLPipelines.Host.Terminals;
using Spectre.Console;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp doctor</c>: is this machine set up well, and what to do where it is not.</summary>
internal sealed class DoctorCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var threads = CommonOptions.Threads();
        var command = new Command("doctor", "Report the runtime, libtorch, BLAS, threads, processor and GPUs, and what to do about each problem. Example: mlp doctor --json") { json, threads };
        command.SetAction(parsed =>
        {
            string? failure = null;
            try
            {
                CommonOptions.UseThreads(parsed.GetValue(threads));
            }
            catch (Exception error) when (error is not UsageException)
            {
                // A libtorch that does not load is the doctor's first finding.
                failure = error.GetBaseException().Message;
            }

            var findings = Doctor.Examine().ToList();
            var problems = findings.Count(finding => finding.Advice is not null);
            if (parsed.GetValue(json))
            {
                terminal.Output.WriteLine(JsonText.Line(Describe(findings)));
            }
            else
            {
                Print(findings, terminal.OutputConsole);
            }

            terminal.Say(problems == 0 && failure is null ? "All is well." : $"{problems} problem(s) found.");
            return problems == 0 && failure is null ? Tool.Success : Tool.Failure;
        });
        return command;
    }

    private static void Print(IEnumerable<Finding> findings, IAnsiConsole console)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var finding in findings)
        {
            var mark = finding.Advice is null ? "[green]ok[/]  " : "[red]!![/]  ";
            grid.AddRow(mark + Markup.Escape(finding.Name), Markup.Escape(finding.Found));
            if (finding.Advice is not null)
            {
                grid.AddRow("", "[yellow]" + Markup.Escape(finding.Advice) + "[/]");
            }
        }

        console.Write(grid);
    }

    private static JsonObject Describe(IEnumerable<Finding> findings)
    {
        var described = new JsonObject { ["problems"] = 0 };
        foreach (var finding in findings)
        {
            var entry = new JsonObject { ["found"] = finding.Found, ["ok"] = finding.Advice is null };
            if (finding.Advice is not null)
            {
                entry["advice"] = finding.Advice;
                described["problems"] = described["problems"]!.GetValue<int>() + 1;
            }

            described[finding.Name.Replace(' ', '_').ToLowerInvariant()] = entry;
        }

        return described;
    }
}
