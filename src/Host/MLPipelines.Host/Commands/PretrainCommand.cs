using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;
using MLPipelines.Host.Training;
using MLPipelines.Trainers;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp pretrain</c>: an encoder that learns from plain text, for every other training command to start from.</summary>
internal sealed class PretrainCommand : IToolCommand
{
    private const string Help =
        """
        Pretrain an encoder on plain text, one text a line, by letting it guess hidden words, and write it as a checkpoint for --encoder.
        Example: mlp pretrain --texts texts.txt --minutes 25 --out my-encoder
        """;

    public Command Create(Terminal terminal) => new DeferredCommand("pretrain", Help, command => Declare(command, terminal));

    private static void Declare(Command command, Terminal terminal)
    {
        var texts = new Option<string>("--texts") { Description = "Texts, one a line, UTF-8.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "The folder of the checkpoint; it is complete when training has ended.", HelpName = "DIR", Required = true };
        var json = CommonOptions.Json();
        var defaults = new MaskedLanguageModelTrainer.Options { OnCancellation = CancellationBehavior.ReturnBest };
        var settings = new SettingFlags(new SettingTable(defaults, hidden: [nameof(TrainerOptions.TextColumn), nameof(TrainerOptions.WindowOverlap), nameof(TrainerOptions.RDrop), nameof(TrainerOptions.Vat)]));
        command.Add(texts);
        command.Add(output);
        command.Add(json);
        settings.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var (file, directory) = (parsed.GetRequiredValue(texts), parsed.GetRequiredValue(output));
            var options = (MaskedLanguageModelTrainer.Options)new SettingTable(defaults with { CheckpointDirectory = CheckpointOf(directory) }).Create(settings.Read(parsed));
            InputFile.Check(file, "the texts");
            if (File.Exists(directory))
            {
                throw new UsageException($"{directory}: the output is a file, expected a folder.");
            }

            return Task.FromResult(Run(terminal, options with { CancellationToken = cancellation }, file, directory, parsed.GetValue(json)));
        });
    }

    /// <summary>Where an interrupted run leaves its state, unless the settings say otherwise.</summary>
    private static string CheckpointOf(string directory) => directory.TrimEnd('/') + ".checkpoint";

    private static int Run(Terminal terminal, MaskedLanguageModelTrainer.Options options, string file, string directory, bool json)
    {
        TrainRun.TellAboutState(terminal, options);
        terminal.FinishesEarly = true;
        terminal.Say($"pretraining on {file} ({(options.Minutes > 0 ? $"{options.Minutes} minutes or " : "")}{options.Epochs} epochs, batch {options.BatchSize}, device {options.Device})");
        var context = new MLContext(options.Seed);
        var report = new TrainingView(terminal, TimeProvider.System).Show(
            progress => new MaskedLanguageModelTrainer(context, options with { Progress = progress }).Train(File.ReadLines(file, Encoding.UTF8), directory));
        foreach (var warning in report.Warnings)
        {
            terminal.Warn(warning);
        }

        if (json)
        {
            terminal.Output.WriteLine(JsonText.Line(Describe(report, directory)));
        }

        if (report.Outcome == TrainingOutcome.Cancelled)
        {
            terminal.Warn($"stopped after {report.Steps} steps; the best encoder so far is saved. --resume goes on from there.");
        }
        else if (options.CheckpointDirectory == CheckpointOf(directory))
        {
            TrainerOptions.DeleteCheckpoint(options.CheckpointDirectory);
        }

        terminal.Say($"saved {directory}: {report.Epochs.Count} epochs in {Duration.Text(report.Elapsed, hours: true)}, {report.TokensPerSecond:0} tokens/s, {report.Parameters} parameters"
            + (report.Best is { } best ? FormattableString.Invariant($", held-out loss {best.All["Loss"]:0.000}, accuracy {best.All["Accuracy"]:0.000}") : ""));
        return Tool.Success;
    }

    private static JsonObject Describe(TrainingReport report, string directory) => new()
    {
        ["encoder"] = directory,
        ["outcome"] = report.Outcome.ToString().ToLowerInvariant(),
        ["loss"] = report.Best?.All["Loss"],
        ["accuracy"] = report.Best?.All["Accuracy"],
        ["epochs"] = report.Epochs.Count,
        ["best_epoch"] = report.BestEpoch,
        ["steps"] = report.Steps,
        ["parameters"] = report.Parameters,
        ["examples"] = report.Examples,
        ["seconds"] = report.Elapsed.TotalSeconds,
        ["tokens_per_second"] = report.TokensPerSecond,
    };
}
