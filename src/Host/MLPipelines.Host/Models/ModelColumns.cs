using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Host.Models;

/// <summary>Which columns steps of a model make.</summary>
internal static class ModelColumns
{
    /// <summary>The columns that can be asked for by name.</summary>
    internal static IEnumerable<DataViewSchema.Column> Visible(this DataViewSchema schema) => schema.Where(column => !column.IsHidden);

    /// <summary>The columns that a model adds to those that it was saved with.</summary>
    internal static IReadOnlyList<string> Added(LoadedModel model) => [.. model.OutputSchema.Visible().Select(column => column.Name).Except(model.InputSchema.Visible().Select(column => column.Name))];

    /// <summary>The columns that the last step makes, perhaps in place of others of the same name; all that the model adds where the last step makes none.</summary>
    internal static IReadOnlyList<string> Answer(LoadedModel model)
    {
        var before = model.SchemaAfter(model.Steps.Count - 1).Select(column => column.Name).CountBy(name => name).ToDictionary();
        var made = model.OutputSchema.CountBy(column => column.Name).Where(count => count.Value > before.GetValueOrDefault(count.Key)).Select(count => count.Key).ToList();
        return made.Count > 0 ? made : Added(model);
    }

    /// <summary>The columns that steps add after one of them; null where they change or take away what it makes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">The index of the step.</param>
    internal static IReadOnlyList<string>? AddedAfter(LoadedModel model, int step)
    {
        var (given, made, output) = (model.InputSchema, model.SchemaAfter(step + 1), model.OutputSchema);
        var isKept = made.Visible().Where(column => given.GetColumnOrNull(column.Name) is null).All(column => output.GetColumnOrNull(column.Name) is { } kept && kept.Type.Equals(column.Type));
        return isKept ? [.. output.Visible().Select(column => column.Name).Except(made.Visible().Select(column => column.Name))] : null;
    }

    /// <summary>Whether the last step makes vectors and nothing else.</summary>
    internal static bool EndsInVector(LoadedModel model) => Answer(model).All(name => model.OutputSchema[name].Type is VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } && raw == typeof(float));
}
