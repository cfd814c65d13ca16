using System.Text.Json.Nodes;

namespace MLPipelines.Host.Models;

/// <summary>Any model of ML.NET: the columns that it adds become fields, and ML.NET's own evaluators measure it.</summary>
internal sealed class PipelineTask : IModelTask
{
    public string Name => "pipeline";

    public string? ComponentId => null;

    public bool NeedsText => false;

    public bool ReadsSecondText(LoadedModel model) => true;

    public Evaluation Evaluate(LoadedModel model, string dataFile, DataSettings data) => throw new UsageException(
        $"{model.FilePath}: nothing says how to measure this model of {model.StepNames}. Expected \"evaluation\" in the configuration that made it, or --evaluation with one of: "
        + string.Join(", ", Stock.StockCatalog.Instance.Evaluations.Keys) + ".");

    public IEnumerable<JsonObject> Predict(LoadedModel model, IEnumerable<InputRow> rows, PredictSettings settings)
    {
        model.RequireColumns();
        var answer = settings.Columns ?? ModelColumns.Answer(model);
        var input = new ModelInput(model, settings.Columns ?? Written(model, answer), answer, settings);
        if (input.Outputs.Count == 0)
        {
            throw new UsageException($"{model.FilePath}: this model of {model.StepNames} adds no columns of text or numbers.");
        }

        return RowScoring.Run(good => model.Transformer.Transform(input.View(good)), input.Outputs, settings.Check(rows.Select(input.Read)), row =>
        {
            var fields = ColumnFields.Readers(row, input.Outputs);
            return target => ColumnFields.Add(target, fields, input.CanMake);
        });
    }

    /// <summary>The columns that the user asks for.</summary>
    /// <exception cref="UsageException">The model has no such column, or its values cannot be written.</exception>
    internal static IReadOnlyList<string> Chosen(LoadedModel model, string names)
    {
        model.RequireColumns();
        var chosen = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var schema = model.OutputSchema;
        var known = schema.Visible().Where(column => ColumnFields.CanWrite(column.Type)).Select(column => column.Name).ToList();
        var unknown = chosen.FirstOrDefault(name => !known.Contains(name));
        return chosen.Length == 0 || unknown is not null
            ? throw new UsageException($"--columns: found \"{unknown ?? names}\", expected columns of {model.FilePath}, with commas between them: {string.Join(", ", known)}.")
            : chosen;
    }

    private static IEnumerable<string> Written(LoadedModel model, IReadOnlyList<string> answer)
    {
        var added = ModelColumns.Added(model);
        return (added.Count > 0 ? added : answer).Where(name => ColumnFields.CanWrite(model.OutputSchema[name].Type));
    }
}
