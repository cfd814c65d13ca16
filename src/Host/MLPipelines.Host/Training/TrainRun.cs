using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Host.Diagnostics;
using MLPipelines.Host.Models;
using MLPipelines.Host.Stock;
using MLPipelines.Host.Terminals;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>Does what a plan says: fits, saves, measures, writes down.</summary>
internal sealed class TrainRun(Terminal terminal, TrainPlan plan, bool json, CancellationToken cancellation)
{
    private TrainingReport? _report;

    internal int Run()
    {
        // Everything that can be wrong about files is found before hours of training.
        Check(plan.Files.Train, "the training data");
        Check(plan.Files.Valid, "the validation data");
        Check(plan.Files.Test, "the test data");
        Check(plan.Files.Unlabeled, "the file of rows without labels");
        Check(plan.Trainer?.VocabularyPath, "the vocabulary");
        using var output = new OutputFile(plan.Files.Out);
        using var metrics = new OutputFile(plan.Files.Metrics);
        using var config = new OutputFile(plan.Files.Config);
        var trainer = plan.Trainers.LastOrDefault();
        WarnAboutMachine();
        foreach (var options in plan.Trainers)
        {
            TellAboutState(terminal, options);
        }

        terminal.FinishesEarly = true;

        terminal.Say($"training on {plan.Files.Train}" + (trainer is null ? $" ({plan.Steps.Count} steps)" : $" ({trainer.Epochs} epochs, batch {trainer.BatchSize}, device {trainer.Device})"));
        var context = new MLContext(plan.Seed);
        CheckRows(context);
        var train = plan.Task.Load(context, plan.Files.Train, plan.Data, plan.Trainer);
        StepColumns.Check(context, plan, train.Schema);
        var valid = Load(context, plan.Files.Valid);
        var unlabeled = plan.Files.Unlabeled is { } texts ? UnlabeledTexts.Load(context, texts, plan.Data) : null;
        var steps = new TrainingView(terminal, TimeProvider.System).Show(progress => Fit(context, train, valid, unlabeled, progress));
        using var model = new TransformerChain<ITransformer>([.. steps]);
        Warn();

        context.Model.Save(steps.Count == 1 ? steps[0] : model, train.Schema, output.Stream);
        var resolved = plan.Describe();
        ConfigInModel.Write(output.Stream, resolved);
        output.Commit();
        Write(config, resolved);
        var evaluation = Load(context, plan.Files.Test ?? plan.Files.Valid) is { } rows ? Evaluate(context, model, rows) : null;
        Write(metrics, Summary(evaluation));
        if (_report?.Outcome != TrainingOutcome.Cancelled)
        {
            // Last of all: until here a run that is killed goes on from its state.
            plan.DeleteCheckpoints();
        }

        Show(evaluation);
        return Tool.Success;
    }

    private static void Check(string? path, string what)
    {
        if (path is not null)
        {
            InputFile.Check(path, what);
        }
    }

    /// <summary>Reads data through that are looked at only after training, or by a trainer that does not say where in the file something is wrong.</summary>
    private void CheckRows(MLContext context)
    {
        string[] others = [.. new[] { plan.Files.Valid, plan.Files.Test }.OfType<string>()];
        if (plan is { Trainer: not null, Steps.Count: 1, Evaluation: null, Task.HasManyLabels: { } many, Data: LabeledTextFormat format })
        {
            format.CheckLabels(plan.Files.Train, others, many, cancellation);
            return;
        }

        foreach (var path in others)
        {
            using var cursor = Load(context, path)!.GetRowCursor([]);
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Says whether a run goes on from a state, and that one which does not will replace the state that is there.</summary>
    internal static void TellAboutState(Terminal terminal, TrainerOptions options)
    {
        var isThere = TrainerOptions.SeedOfCheckpoint(options.CheckpointDirectory!) is not null;
        if (options.Resume)
        {
            terminal.Say(isThere ? $"going on from the state in {options.CheckpointDirectory}" : $"there is no state in {options.CheckpointDirectory}; training begins at the start");
        }
        else if (isThere)
        {
            terminal.Warn($"{options.CheckpointDirectory} holds the state of a training that was interrupted; this one begins anew and will replace it. To go on with it, stop now and add --resume.");
        }
    }

    private static void Write(OutputFile file, JsonObject content)
    {
        file.Stream.Write(Encoding.UTF8.GetBytes(JsonText.Indented(content) + "\n"));
        file.Commit();
    }

    private IDataView? Load(MLContext context, string? path) => path is null ? null : plan.Task.Load(context, path, plan.Data, plan.Trainer);

    private List<ITransformer> Fit(MLContext context, IDataView train, IDataView? valid, IDataView? unlabeled, Action<TrainingProgress> progress)
    {
        // A trainer's other data have to pass the steps before it, so the steps are fitted one by one.
        var fitted = new List<ITransformer>();
        try
        {
            foreach (var step in plan.Steps)
            {
                // A trainer that was cancelled gave its best model so far, which the steps after it make whole.
                if (_report?.Outcome != TrainingOutcome.Cancelled)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                var hooks = new TrainerHooks(valid, unlabeled, progress, report => _report = report, cancellation);
                var transformer = step.Create(context, hooks).Fit(train);
                fitted.Add(transformer);
                (train, valid, unlabeled) = (transformer.Transform(train), valid is null ? null : transformer.Transform(valid), unlabeled is null ? null : transformer.Transform(unlabeled));
            }

            return fitted;
        }
        catch
        {
            fitted.OfType<IDisposable>().ToList().ForEach(transformer => transformer.Dispose());
            throw;
        }
    }

    private Evaluation? Evaluate(MLContext context, TransformerChain<ITransformer> model, IDataView rows) =>
        plan.Evaluation is null ? plan.Task.Evaluate(context, model, rows, plan.Trainer) : StockEvaluation.Run(context, model.Transform(rows), plan.Evaluation);

    private void Warn()
    {
        foreach (var warning in _report?.Warnings ?? [])
        {
            terminal.Warn(warning);
        }

        if (_report?.Outcome == TrainingOutcome.Cancelled)
        {
            terminal.Warn($"stopped after {_report.Steps} steps; the best model so far is saved. --resume goes on from there.");
        }
    }

    private JsonObject Summary(Evaluation? evaluation)
    {
        var summary = evaluation?.Metrics.DeepClone().AsObject() ?? [];
        summary["model"] = plan.Files.Out;
        if (_report is not null)
        {
            summary["outcome"] = _report.Outcome.ToString().ToLowerInvariant();
            summary["epochs"] = _report.Epochs.Count;
            summary["best_epoch"] = _report.BestEpoch;
            summary["steps"] = _report.Steps;
            summary["parameters"] = _report.Parameters;
            summary["seconds"] = _report.Elapsed.TotalSeconds;
            summary["tokens_per_second"] = _report.TokensPerSecond;
        }

        return summary;
    }

    private void Show(Evaluation? evaluation)
    {
        if (json)
        {
            terminal.Output.WriteLine(JsonText.Line(Summary(evaluation)));
        }
        else if (evaluation is not null)
        {
            terminal.OutputConsole.Write(evaluation.Table);
        }

        terminal.Say($"saved {plan.Files.Out}"
            + (_report is null ? "" : $": {_report.Epochs.Count} epochs in {Duration.Text(_report.Elapsed, hours: true)}, {_report.TokensPerSecond:0} tokens/s, {_report.Parameters} parameters"));
    }

    private void WarnAboutMachine()
    {
        if (Doctor.CoreTypeAdvice(Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE")) is { } advice)
        {
            terminal.Warn("OPENBLAS_CORETYPE is set. " + advice);
        }
    }
}
