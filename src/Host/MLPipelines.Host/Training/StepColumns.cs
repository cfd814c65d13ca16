using Microsoft.ML;
using MLPipelines.Host.Stock;
using MLPipelines.Interop;

namespace MLPipelines.Host.Training;

/// <summary>Finds what steps and evaluation miss among the columns, before anything is fitted.</summary>
internal static class StepColumns
{
    /// <summary>Follows the columns through the steps.</summary>
    /// <param name="context">The context.</param>
    /// <param name="plan">The steps and the evaluation.</param>
    /// <param name="schema">The columns of the training data.</param>
    /// <exception cref="UsageException">A step, or the evaluation, does not find a column that it needs.</exception>
    internal static void Check(MLContext context, TrainPlan plan, DataViewSchema schema)
    {
        var shape = SchemaShapes.Of(schema);
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            var step = plan.Steps[i];
            var estimator = step.Create(context, new TrainerHooks(null, null, _ => { }, _ => { }, CancellationToken.None));
            try
            {
                shape = estimator.GetOutputSchema(shape);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                throw new UsageException($"step {i + 1} of {plan.Steps.Count}, {step.Id}: {error.Message.TrimEnd('.')}. The columns there are: {Names(shape)}.");
            }
            finally
            {
                (estimator as IDisposable)?.Dispose();
            }
        }

        if (plan.Evaluation is not { } evaluation)
        {
            return;
        }

        var (name, overloads) = StockCatalog.Find(StockCatalog.Instance.Evaluations, evaluation.Component, evaluation.Where(""));
        foreach (var (option, value) in PipelineStep.Choose(evaluation, name, overloads).Complete(evaluation.Options).Where(option => option.Key.EndsWith("ColumnName", StringComparison.Ordinal)))
        {
            if (value is not null && value.GetValueKind() == System.Text.Json.JsonValueKind.String && shape.All(column => column.Name != value.GetValue<string>()))
            {
                throw new UsageException($"{evaluation.Where(option)}: {name} reads the column \"{value.GetValue<string>()}\" (\"{option}\"), which is not there after the steps. The columns are: {Names(shape)}.");
            }
        }
    }

    private static string Names(SchemaShape shape) => string.Join(", ", shape.Select(column => column.Name));
}
