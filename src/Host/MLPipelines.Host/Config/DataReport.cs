using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Checkpoints;
using MLPipelines.Host.Training;
using MLPipelines.Tokenizers;
using MLPipelines.Trainers.Training;
using Spectre.Console;

namespace MLPipelines.Host.Config;

/// <summary>What <c>mlp config check</c> finds out about the data of a plan.</summary>
internal sealed class DataReport
{
    private const string Unlabeled = "unlabeled";

    private readonly TrainPlan _plan;
    private readonly List<(string Role, FileReport Report)> _files = [];

    private DataReport(TrainPlan plan)
    {
        _plan = plan;
        var context = new MLContext(plan.Seed);
        InputFile.Check(plan.Files.Train, "the training data");
        // Making a step finds what contradicts each other among its settings.
        StepColumns.Check(context, plan, plan.Task.Load(context, plan.Files.Train, plan.Data, plan.Trainer).Schema);
        var tokenizer = plan.Trainer is { } trainer ? Tokenizer(trainer, context) : null;
        foreach (var (role, path) in new[] { ("training", plan.Files.Train), ("validation", plan.Files.Valid), ("test", plan.Files.Test) })
        {
            if (path is not null)
            {
                InputFile.Check(path, $"the {role} data");
                var rows = plan.Task.Load(context, path, plan.Data, plan.Trainer);
                _files.Add((role, new FileReport(path, rows, DataColumns.Of(rows.Schema, plan), tokenizer, plan.Trainer?.MaximumLength)));
            }
        }

        if (plan.Files.Unlabeled is { } unlabeled)
        {
            var rows = UnlabeledTexts.Load(context, unlabeled, plan.Data);
            _files.Add((Unlabeled, new FileReport(unlabeled, rows, DataColumns.Of(rows.Schema, plan), tokenizer, plan.Trainer?.MaximumLength)));
        }

        Advice = [.. _files.SelectMany(file => file.Report.Advice()), .. Comparisons()];
    }

    /// <summary>What to do about what stands out, a sentence or two each.</summary>
    internal IReadOnlyList<string> Advice { get; }

    internal static DataReport Create(TrainPlan plan) => new(plan);

    internal JsonObject Describe() => new()
    {
        ["task"] = _plan.Task.Name,
        ["steps"] = new JsonArray([.. _plan.Steps.Select(step => JsonValue.Create(step.Id))]),
        ["files"] = new JsonObject(_files.Select(file => KeyValuePair.Create(file.Role, (JsonNode?)file.Report.Describe()))),
        ["advice"] = new JsonArray([.. Advice.Select(advice => JsonValue.Create(advice))]),
    };

    internal void Print(IAnsiConsole console)
    {
        console.MarkupLine($"{_plan.Task.Name}: {Markup.Escape(string.Join(" → ", _plan.Steps.Select(step => step.Id)))}");
        Print(console, "label", _files.SelectMany(file => file.Report.Labels.Keys).Distinct().Order(StringComparer.Ordinal), (report, label) => report.Labels.GetValueOrDefault(label));
        if (_files.Any(file => file.Report.HasLengths))
        {
            var limit = _plan.Trainer!.MaximumLength;
            var titles = Enumerable.Range(1, 4).Select(quarter => $"up to {quarter * limit / 4}").Append($"more than {limit}").ToList();
            Print(console, "tokens", titles, (report, title) => report.Lengths[titles.IndexOf(title)]);
        }

        foreach (var advice in Advice)
        {
            console.MarkupLine("[yellow]! [/]" + Markup.Escape(advice));
        }
    }

    private void Print(IAnsiConsole console, string title, IEnumerable<string> lines, Func<FileReport, string, long> count)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(title);
        foreach (var (role, _) in _files)
        {
            table.AddColumn(new TableColumn(role).RightAligned());
        }

        foreach (var line in lines)
        {
            table.AddRow([Markup.Escape(line), .. _files.Select(file => count(file.Report, line).ToString(CultureInfo.InvariantCulture))]);
        }

        table.AddRow(["[bold]rows[/]", .. _files.Select(file => file.Report.Rows.ToString(CultureInfo.InvariantCulture))]);
        console.Write(table);
    }

    private IEnumerable<string> Comparisons()
    {
        var training = _files[0].Report;
        foreach (var (role, other) in _files.Skip(1).Where(file => file.Role != Unlabeled))
        {
            if (other.OverlapWith(training) is > 0 and var shared)
            {
                yield return $"{other.Name}: {shared} texts are in the training data too, so the {role} metrics are too good. Remove them from one of the files.";
            }

            if (other.Labels.Keys.Except(training.Labels.Keys).ToList() is { Count: > 0 } unknown)
            {
                yield return $"{other.Name}: the training data never have: {string.Join(", ", unknown)}. "
                    + (_plan is { Trainer: not null, Task.HasManyLabels: not null } ? "Training refuses such data: remove these rows, or add examples to the training data." : "The model cannot predict them.");
            }
        }

        if (_plan.Files.Valid is null && _plan.Trainer is { ValidationFraction: 0 })
        {
            yield return "There are no validation data, so the last epoch is kept instead of the best. Give \"valid\", or set validationFraction.";
        }
    }

    private ITextTokenizer Tokenizer(TrainerOptions trainer, MLContext context)
    {
        if (trainer.Encoder is { } directory)
        {
            return EncoderCheckpoint.LoadTokenizer(directory, new() { LowerCase = trainer.LowerCase, Tokenizer = trainer.Tokenizer });
        }

        InputFile.Check(_plan.Files.Train, "the training data");
        var rows = _plan.Task.Load(context, _plan.Files.Train, _plan.Data, trainer);
        return trainer.CreateTokenizer(DataRow.Read(rows, DataColumns.Of(rows.Schema, _plan)).Select(row => row.Text));
    }
}
