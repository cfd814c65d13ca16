using Microsoft.ML;
using MLPipelines.Components;
using MLPipelines.Host.Models;
using MLPipelines.Trainers.Files;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Training;

/// <summary>Rows without labels, for regularisers that need none: <c>--unlabeled</c>.</summary>
internal static class UnlabeledTexts
{
    /// <summary>Opens the file: lines of text, JSON lines or a table, with the columns of the training data. Lines without a text are left out.</summary>
    /// <param name="context">The context.</param>
    /// <param name="path">The file.</param>
    /// <param name="data">The settings of the data files.</param>
    internal static IDataView Load(MLContext context, string path, object data)
    {
        var format = data as LabeledTextFormat ?? new();
        IEnumerable<string> text = ["text", "text1"];
        var file = new TextFile(
            path, "the file of rows without labels", [.. format.TextColumn is null ? text : text.Prepend(format.TextColumn)], [.. format.SecondTextColumn is null ? Array.Empty<string>() : [format.SecondTextColumn, "text2"]]);
        return RowScoring.Load(context, "Text", file.Where(row => !string.IsNullOrWhiteSpace(row.Text)), "SecondText");
    }

    /// <summary>Fails unless a step uses the rows.</summary>
    /// <exception cref="UsageException">No regulariser needs rows without labels.</exception>
    internal static void Check(string path, IEnumerable<TrainerOptions> trainers, ComponentRegistry registry)
    {
        if (!trainers.Any(trainer => trainer.UsesUnlabeledData(registry)))
        {
            throw new UsageException($"--unlabeled: {path} would not be used, since virtual adversarial training is off. Turn it on with --vat (or \"vat\": 0.01 for spans, 0.1 for several labels, 1 for one class of each text), or leave --unlabeled out.");
        }
    }
}
