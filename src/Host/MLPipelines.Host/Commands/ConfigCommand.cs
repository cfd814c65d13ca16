using System.CommandLine;
using System.Text;
using MLPipelines.Components;
using MLPipelines.Host.Config;
using MLPipelines.Host.Terminals;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp config</c>: helps to write configuration files.</summary>
internal sealed class ConfigCommand : IToolCommand
{
    public Command Create(Terminal terminal) => new("config", "Write and check the configuration files of mlp train. Example: mlp config init --task ner --out ner.json")
    {
        Schema(terminal), Init(terminal), Check(terminal),
    };

    private static Option<string?> Out() => new("--out") { Description = "Where it goes [default: standard output]", HelpName = "FILE" };

    private static Command Schema(Terminal terminal)
    {
        var output = Out();
        var command = new Command(
            "schema", "Print the JSON Schema of configuration files, so that an editor completes and checks them (\"$schema\": \"mlp.schema.json\"). Example: mlp config schema --out mlp.schema.json") { output };
        command.SetAction(parsed => Write(terminal, parsed.GetValue(output), JsonText.Indented(ConfigSchema.Create(ComponentRegistry.OfApplication())) + "\n"));
        return command;
    }

    private static Command Init(Terminal terminal)
    {
        var (task, output) = (new Option<string>("--task") { Description = "What is trained.", Required = true }, Out());
        task.HelpName = string.Join('|', TrainTasks.All.Select(known => known.Name));
        task.AcceptOnlyFromAmong([.. TrainTasks.All.Select(known => known.Name)]);
        var command = new Command("init", "Write a configuration with every setting, its default and what it means. Example: mlp config init --task ner --out ner.json") { task, output };
        command.SetAction(parsed => Write(terminal, parsed.GetValue(output), ConfigTemplate.Create(TrainTasks.All.Single(known => known.Name == parsed.GetRequiredValue(task)))));
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The configuration file." };
        var json = CommonOptions.Json();
        var command = new Command(
            "check", "Check a configuration and its data without training: labels, lengths, duplicates, contradictions, overlap, spans between tokens. Example: mlp config check ner.json --json") { file, json };
        command.SetAction(parsed =>
        {
            var report = DataReport.Create(PlanFlags.Read(parsed.GetRequiredValue(file)));
            if (parsed.GetValue(json))
            {
                terminal.Output.WriteLine(JsonText.Line(report.Describe()));
            }
            else
            {
                report.Print(terminal.OutputConsole);
            }

            terminal.Say(report.Advice.Count == 0 ? "The configuration is valid, and nothing about the data stands out." : $"The configuration is valid; {report.Advice.Count} remark(s) about the data.");
            return Tool.Success;
        });
        return command;
    }

    private static int Write(Terminal terminal, string? path, string text)
    {
        if (path is null)
        {
            terminal.Output.Write(text);
            return Tool.Success;
        }

        using var file = new OutputFile(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Commit();
        terminal.Say($"wrote {path}");
        return Tool.Success;
    }
}
