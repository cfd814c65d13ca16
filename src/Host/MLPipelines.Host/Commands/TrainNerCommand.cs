using System.CommandLine;
using Microsoft.ML;
using MLPipelines.Host.Diagnostics;
using MLPipelines.Host.Models;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Terminals;
using MLPipelines.Trainers;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Commands;

/// <summary><c>mlp train ner</c>: a GlobalPointer span extractor from JSON lines with entities.</summary>
internal sealed class TrainNerCommand : ITrainTask
{
    private const string Help =
        """
        Train a span extractor (named entities, slots) on JSON lines {"text": "…", "entities": [{"start": 0, "end": 2, "label": "…"}]}.
        Example: mlp train ner --train train.jsonl --valid valid.jsonl --epochs 10 --out model.zip
        """;

    public Command Create(Terminal terminal)
    {
        var files = new TrainFiles.Flags();
        var config = new Option<string?>("--config") { Description = "A JSON file with any of these options as keys; flags win over it.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var settings = new SettingFlags(new SettingTable(new GlobalPointerTrainer.Options { OnCancellation = CancellationBehavior.ReturnBest }));
        var command = new Command("ner", Help);
        files.AddTo(command);
        command.Add(config);
        command.Add(json);
        settings.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var configFile = parsed.GetValue(config) is { } path ? ConfigFile.Read(path) : null;
            var options = (GlobalPointerTrainer.Options)settings.Read(parsed, configFile, files.Keys);
            return Task.FromResult(Run(terminal, files.Read(parsed, configFile), options, parsed.GetValue(json), cancellation));
        });
        return command;
    }

    private static int Run(Terminal terminal, TrainFiles files, GlobalPointerTrainer.Options options, bool json, CancellationToken cancellation)
    {
        // Everything that can be wrong about files is found before hours of training.
        InputFile.Check(files.Train, "the training data");
        if (files.Valid is not null)
        {
            InputFile.Check(files.Valid, "the validation data");
        }

        if (options.VocabularyPath is not null)
        {
            InputFile.Check(options.VocabularyPath, "the vocabulary");
        }

        using var output = new OutputFile(files.Out);
        WarnAboutMachine(terminal);
        terminal.FinishesEarly = true;

        var context = new MLContext(options.Seed);
        var catalog = context.SpanExtraction();
        var train = catalog.LoadFromJsonLines(files.Train, files.Offsets);
        var valid = files.Valid is null ? null : catalog.LoadFromJsonLines(files.Valid, files.Offsets);
        TrainingReport? report = null;
        terminal.Say($"training on {files.Train} ({options.Epochs} epochs, batch {options.BatchSize}, device {options.Device})");
        using var model = (IDisposable)new TrainingView(terminal, TimeProvider.System).Show(progress => catalog.Trainers.GlobalPointer(options with
        {
            ValidationData = valid,
            Progress = progress,
            Completed = done => report = done,
            CancellationToken = cancellation,
        }).Fit(train));
        foreach (var warning in report?.Warnings ?? [])
        {
            terminal.Warn(warning);
        }

        if (report?.Outcome == TrainingOutcome.Cancelled)
        {
            terminal.Warn($"stopped after {report.Steps} steps; the best model so far is saved.");
        }

        context.Model.Save((ITransformer)model, train.Schema, output.Stream);
        output.Commit();
        var evaluation = valid is null ? null : NerTask.Report(catalog.Evaluate(((ITransformer)model).Transform(valid)));
        Summarize(terminal, files.Out, report, evaluation, json);
        return Tool.Success;
    }

    private static void Summarize(Terminal terminal, string file, TrainingReport? report, Evaluation? evaluation, bool json)
    {
        if (json)
        {
            var summary = evaluation?.Metrics ?? [];
            summary["model"] = file;
            summary["outcome"] = report?.Outcome.ToString().ToLowerInvariant();
            summary["epochs"] = report?.Epochs.Count;
            summary["best_epoch"] = report?.BestEpoch;
            summary["steps"] = report?.Steps;
            summary["parameters"] = report?.Parameters;
            summary["seconds"] = report?.Elapsed.TotalSeconds;
            summary["tokens_per_second"] = report?.TokensPerSecond;
            terminal.Output.WriteLine(JsonText.Line(summary));
        }
        else if (evaluation is not null)
        {
            terminal.OutputConsole.Write(evaluation.Table);
        }

        terminal.Say($"saved {file}" + (report is null ? "" : $": {report.Epochs.Count} epochs in {report.Elapsed:h\\:mm\\:ss}, {report.TokensPerSecond:0} tokens/s, {report.Parameters} parameters"));
    }

    private static void WarnAboutMachine(Terminal terminal)
    {
        if (Doctor.CoreTypeAdvice(Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE")) is { } advice)
        {
            terminal.Warn("OPENBLAS_CORETYPE is set. " + advice);
        }
    }
}
