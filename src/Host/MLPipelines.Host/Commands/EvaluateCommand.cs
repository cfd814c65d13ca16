using System.CommandLine;
using System.Text.Json.Nodes;
using MLPipelines.Host.Models;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;
using MLPipelines.Trainers.Files;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp evaluate</c>: metrics of a model on labelled data.</summary>
internal sealed class EvaluateCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "Labelled data, in the format of the training data.", HelpName = "FILE", Required = true };
        var (json, offsets, threads) = (CommonOptions.Json(), CommonOptions.Offsets(), CommonOptions.Threads());
        var format = new SettingFlags(new SettingTable(new LabeledTextFormat()));
        var command = new Command(
            "evaluate", "Print the metrics of a model on labelled data; columns of a table are those of the training data unless others are named. Example: mlp evaluate model.zip --data valid.jsonl --json")
        {
            model, data, json, offsets, threads,
        };
        format.AddTo(command);
        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            using var loaded = LoadedModel.Open(parsed.GetRequiredValue(model));
            var file = parsed.GetRequiredValue(data);
            InputFile.Check(file, "the data file");
            var evaluation = loaded.Task.Evaluate(loaded, file, new DataSettings(CommonOptions.ReadOffsets(parsed, offsets), Format(loaded, format.Read(parsed))));
            CommonOptions.Print(terminal, evaluation, parsed.GetValue(json));
            return Tool.Success;
        });
        return command;
    }

    // The format of the training data holds unless the user says how the file at hand differs.
    private static LabeledTextFormat Format(LoadedModel model, Dictionary<Setting, JsonNode?> given) =>
        (LabeledTextFormat)new SettingTable(DataSettings.FormatOf(model)).Create(given);
}
