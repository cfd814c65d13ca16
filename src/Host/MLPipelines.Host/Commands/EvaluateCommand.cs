using System.CommandLine;
using MLPipelines.Host.Models;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp evaluate</c>: metrics of a model on labelled data.</summary>
internal sealed class EvaluateCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "Labelled data, in the format of the training data.", HelpName = "FILE", Required = true };
        var (json, offsets, threads) = (CommonOptions.Json(), CommonOptions.Offsets(), CommonOptions.Threads());
        var command = new Command("evaluate", "Print the metrics of a model on labelled data. Example: mlp evaluate model.zip --data valid.jsonl --json") { model, data, json, offsets, threads };
        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            using var loaded = LoadedModel.Open(parsed.GetRequiredValue(model));
            var file = parsed.GetRequiredValue(data);
            InputFile.Check(file, "the data file");
            var evaluation = loaded.Task.Evaluate(loaded, file, CommonOptions.ReadOffsets(parsed, offsets));
            CommonOptions.Print(terminal, evaluation, parsed.GetValue(json));
            return Tool.Success;
        });
        return command;
    }
}
