using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLPipelines.Host.Models;
using MLPipelines.Host.Settings;
using MLPipelines.Host.Training;
using Spectre.Console;

namespace MLPipelines.Host.Stock;

/// <summary>Measures with one of ML.NET's own <c>Evaluate</c> methods, for example <c>mlnet.Clustering.Evaluate</c>.</summary>
internal static class StockEvaluation
{
    /// <summary>The evaluation in the configuration that made a model; null where there is none.</summary>
    internal static ConfigStep? Of(LoadedModel model) =>
        model.Config?["evaluation"] is { } evaluation ? ConfigStep.Read(evaluation, _ => $"{model.FilePath}: the evaluation in the configuration of the model") : null;

    /// <summary>Measures scored rows.</summary>
    /// <exception cref="UsageException">There is no such evaluator, or it does not find its columns.</exception>
    internal static Evaluation Run(MLContext context, IDataView scored, ConfigStep step)
    {
        var (name, overloads) = StockCatalog.Find(StockCatalog.Instance.Evaluations, step.Component, step.Where(""));
        var method = PipelineStep.Choose(step, name, overloads);
        try
        {
            return Report(method.Invoke(context, method.Complete(step.Options), scored, step.Where));
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{step.Where("")}: {name}: {error.Message.TrimEnd('.')}. The columns are: {string.Join(", ", scored.Schema.Visible().Select(column => $"{column.Name} ({column.Type})"))}.");
        }
    }

    /// <summary>Every number of a metrics object.</summary>
    private static Evaluation Report(object metrics)
    {
        var values = new JsonObject();
        var table = new Table().Border(TableBorder.Simple).AddColumn("metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var property in metrics.GetType().GetProperties().Where(property => property.PropertyType == typeof(double)))
        {
            var value = (double)property.GetValue(metrics)!;
            values[Names.Kebab(property.Name).Replace('-', '_')] = double.IsFinite(value) ? value : null;
            table.AddRow(Names.Kebab(property.Name).Replace('-', ' '), value.ToString("0.0000", CultureInfo.InvariantCulture));
        }

        return new Evaluation(values, table);
    }
}
