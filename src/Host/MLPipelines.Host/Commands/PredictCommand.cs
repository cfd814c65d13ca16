using System.CommandLine;
using MLPipelines.Host.Models;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp predict</c>: a JSON line in, the same line with predictions out.</summary>
internal sealed class PredictCommand : IToolCommand
{
    public Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var (input, output, strict) = (RowStream.Input("JSON lines with a field \"text\"; - is standard input."), RowStream.Output(), RowStream.Strict());
        var (offsets, threads) = (CommonOptions.Offsets(), CommonOptions.Threads());
        var command = new Command(
            "predict",
            "Add predictions to JSON lines, in order, every input field kept; an input field that is called like a prediction, such as \"label\", becomes \"gold_label\". Example: mlp predict model.zip --in texts.jsonl --out entities.jsonl")
        {
            model, input, output, strict, offsets, threads,
        };
        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            using var source = RowStream.OpenInput(parsed.GetRequiredValue(input), terminal);
            using var loaded = LoadedModel.Open(parsed.GetRequiredValue(model));
            var name = parsed.GetRequiredValue(input);
            var rows = RowStream.Checked(InputRow.ReadAll(source), name, parsed.GetValue(strict), "a JSON object such as {\"text\": \"…\"}");
            var results = loaded.Task.Predict(loaded, rows, CommonOptions.ReadOffsets(parsed, offsets));
            RowStream.Write(results, parsed.GetRequiredValue(output), terminal, source);
            return Tool.Success;
        });
        return command;
    }
}
