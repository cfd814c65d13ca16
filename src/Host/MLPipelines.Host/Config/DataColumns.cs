using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Host.Models;
using MLPipelines.Host.Training;

namespace MLPipelines.Host.Config;

/// <summary>Which columns of labelled data hold what. Those of the tasks have fixed names; a pipeline's steps say which of a table's columns they read.</summary>
/// <param name="Text">The text; null where there is none.</param>
/// <param name="Second">The second text of a pair, or null.</param>
/// <param name="Label">The label or labels, or null.</param>
internal sealed record DataColumns(string? Text, string? Second, string? Label)
{
    private static readonly string[] s_inputs = ["inputColumn", "inputColumnName", "textColumn", "outputColumnName"];

    internal static DataColumns Of(DataViewSchema schema, TrainPlan plan)
    {
        var steps = plan.Steps.Select(step => step.Options).ToList();
        IEnumerable<string> labels = steps.Append(plan.Evaluation?.Options ?? []).Select(options => ConfigInModel.TextOf(options, "labelColumnName") ?? ConfigInModel.TextOf(options, "labelColumn")).OfType<string>().Prepend("Label");
        IEnumerable<string> texts = steps.SelectMany(options => s_inputs.Select(key => ConfigInModel.TextOf(options, key))).OfType<string>().Prepend("Text");
        var label = labels.Select(name => Find(schema, name) ?? Find(schema, SourceOf(name, steps))).FirstOrDefault(name => name is not null);
        var text = texts.Select(name => Find(schema, name)).FirstOrDefault(name => name is not null && name != label && schema[name].Type is TextDataViewType);
        return new DataColumns(text, Find(schema, "SecondText"), label);
    }

    /// <summary>The column that a step turns into another, as <c>MapValueToKey</c> does with labels.</summary>
    private static string? SourceOf(string name, IEnumerable<JsonObject> steps) =>
        steps.Where(options => ConfigInModel.TextOf(options, "outputColumnName") == name).Select(options => ConfigInModel.TextOf(options, "inputColumnName")).FirstOrDefault(source => source is not null);

    private static string? Find(DataViewSchema schema, string? name) =>
        name is null ? null : schema.Visible().Select(column => column.Name).OrderByDescending(column => column == name).FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
}
