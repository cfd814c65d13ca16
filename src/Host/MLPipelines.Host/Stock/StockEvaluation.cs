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
    internal static Evaluation Run(MLContext context, IDataView scored, ConfigStep step)
    {
        var (name, overloads) = StockCatalog.Find(StockCatalog.Instance.Evaluations, step.Component, step.Where(""));
        var method = PipelineStep.Choose(step, name, overloads);
        return Report(method.Invoke(context, method.Complete(step.Options), scored, step.Where));
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
