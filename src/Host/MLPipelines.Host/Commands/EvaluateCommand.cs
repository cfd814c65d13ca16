using System.CommandLine;
using MLPipelines.Host.Models;
using MLPipelines.Host.Stock;
using MLPipelines.Host.Terminals;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp evaluate</c>: metrics of a model on labelled data.</summary>
internal sealed class EvaluateCommand : IToolCommand
{
    private const string Help =
        """
        Print the metrics of a model on labelled data, those that training printed. Columns, offsets and evaluation are those of the training unless others are named.
        Example: mlp evaluate model.zip --data valid.jsonl --json
        """;

    public Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "Labelled data, in the format of the training data.", HelpName = "FILE", Required = true };
        var how = new Option<string?>("--evaluation")
        {
            Description = "How to measure a model of other steps than ours: one of ML.NET's own evaluators, such as mlnet.Clustering.Evaluate, or {\"component\": …, \"options\": {…}} [default: as the configuration that made the model says]",
            HelpName = "NAME|JSON",
        };
        var (json, device, threads, flags) = (CommonOptions.Json(), CommonOptions.Device(), CommonOptions.Threads(), DataSettings.CreateFlags());
        var command = new Command("evaluate", Help) { model, data, how, json, device, threads };
        foreach (var set in flags)
        {
            set.AddTo(command);
        }

        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            using var loaded = LoadedModel.Open(parsed.GetRequiredValue(model), parsed.GetValue(device));
            var file = parsed.GetRequiredValue(data);
            InputFile.Check(file, "the data file");
            var stock = parsed.GetValue(how) is { } given ? ConfigStep.Parse(given, how.Name) : StockEvaluation.Of(loaded);
            var settings = DataSettings.Read(loaded, stock is not null || loaded.Task == LoadedModel.AnyModel, flags, parsed);
            var evaluation = stock is null ? loaded.Task.Evaluate(loaded, file, settings)
                : StockEvaluation.Run(loaded.Context, loaded.Transformer.Transform(settings.Train!.Load(loaded.Context, file, settings.Data, null)), stock);
            CommonOptions.Print(terminal, evaluation, parsed.GetValue(json));
            return Tool.Success;
        });
        return command;
    }
}
