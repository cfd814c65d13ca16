using System.CommandLine;
using MLPipelines.Host.Models;
using MLPipelines.Host.Terminals;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp predict</c>: a text in each line in, a JSON line with its fields and predictions out.</summary>
internal sealed class PredictCommand : IToolCommand
{
    private const string Help =
        """
        Add predictions to texts, in order, every input field kept; an input field that is called like a prediction, such as "label", becomes "gold_label". Texts come as JSON lines, plain lines, TSV or CSV.
        A model of other steps than ours, such as K-means, gives the columns that it adds.
        Example: mlp predict model.zip --in texts.jsonl --out entities.jsonl
        """;

    public Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var (input, output, strict, format) = (RowStream.Input("The texts; - is standard input."), RowStream.Output(), RowStream.Strict(), RowStream.Format());
        var text = new Option<string?>("--text-column") { Description = "The field or column with the text; a number, from 0, for a table without a header [default: that of the training data, or text]", HelpName = "NAME" };
        var second = new Option<string?>("--second-text-column") { Description = "The field or column with the second text, for models of pairs [default: that of the training data, or text2]", HelpName = "NAME" };
        var columns = new Option<string?>("--columns") { Description = "Columns of the model to add as they are, with commas between them, instead of the usual fields [default for models of other steps than ours: all that they add]", HelpName = "NAMES" };
        var (offsets, device, threads) = (CommonOptions.Offsets(), CommonOptions.Device(), CommonOptions.Threads());
        var command = new Command("predict", Help) { model, input, output, strict, format, text, second, columns, offsets, device, threads };
        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            var name = parsed.GetRequiredValue(input);
            using var source = RowStream.OpenInput(name, terminal);
            using var loaded = LoadedModel.Open(parsed.GetRequiredValue(model), parsed.GetValue(device));
            var settings = PredictSettings.Of(loaded, parsed.GetValue(text), parsed.GetValue(second), CommonOptions.ReadOffsets(parsed, offsets));
            settings = settings with
            {
                Columns = parsed.GetValue(columns) is { } names ? PipelineTask.Chosen(loaded, names) : null,
                Check = rows => RowStream.Checked(rows, name, parsed.GetValue(strict), "a line with a text, such as {\"text\": \"…\"}"),
            };
            var task = settings.Columns is null ? loaded.Task : LoadedModel.AnyModel;
            if (settings.GivenSecondText is not null && !task.ReadsSecondText(loaded))
            {
                throw new UsageException($"{second.Name}: {loaded.FilePath} is a model of the kind {task.Name} that reads single texts. Leave the flag out.");
            }

            if (parsed.GetResult(offsets) is { Implicit: false } && !task.GivesOffsets)
            {
                throw new UsageException($"{offsets.Name}: {loaded.FilePath} is a model of the kind {task.Name}, whose answers have no offsets. Leave the flag out.");
            }

            var rows = settings.Check(TextRows.Read(source, name, parsed.GetValue(format), task.NeedsText ? settings.TextFields : []));
            RowStream.Write(task.Predict(loaded, rows, settings), parsed.GetRequiredValue(output), terminal, source);
            return Tool.Success;
        });
        return command;
    }
}
