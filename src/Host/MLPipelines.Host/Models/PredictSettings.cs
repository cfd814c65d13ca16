using Microsoft.ML.Data;
using MLPipelines.Host.Training;
using MLPipelines.Trainers.SpanExtraction;

namespace MLPipelines.Host.Models;

/// <summary>How <c>mlp predict</c> reads rows and answers them.</summary>
/// <param name="Offsets">What offsets in the answers count.</param>
/// <param name="TextFields">The fields that may hold the text; the first one that a row has does.</param>
/// <param name="SecondTextFields">The fields that may hold the second text of a pair.</param>
internal sealed record PredictSettings(TextOffsets Offsets, IReadOnlyList<string> TextFields, IReadOnlyList<string> SecondTextFields)
{
    /// <summary>The columns of the model to give as they are; null for the usual fields of its kind.</summary>
    internal IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The field with the text that the user named.</summary>
    internal string? GivenText { get; init; }

    /// <summary>The field with the second text that the user named.</summary>
    internal string? GivenSecondText { get; init; }

    /// <summary>What the command does with rows that may be bad.</summary>
    internal Func<IEnumerable<InputRow>, IEnumerable<InputRow>> Check { get; init; } = rows => rows;

    /// <summary>The fields that the user names; otherwise those of the training data, and the usual ones.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The field with the text, or null.</param>
    /// <param name="second">The field with the second text, or null.</param>
    /// <param name="offsets">What offsets in the answers count.</param>
    internal static PredictSettings Of(LoadedModel model, string? text, string? second, TextOffsets offsets) => new(
        offsets, Fields(text, ConfigInModel.TextOf(model.Config?["data"], "textColumn"), ["text", "text1", .. TextColumns(model)]), Fields(second, ConfigInModel.TextOf(model.Config?["data"], "secondTextColumn"), ["text2"]))
        {
            GivenText = text, GivenSecondText = second,
        };

    // The names that the model itself has for its text.
    private static IEnumerable<string> TextColumns(LoadedModel model)
    {
        var scoring = model.PackageOrNull?.Options["scoring"];
        var texts = model.InputSchema.Visible().Where(column => column.Type is TextDataViewType).Select(column => column.Name).ToList();
        return new[] { ConfigInModel.TextOf(scoring?["input"], "textColumn"), ConfigInModel.TextOf(scoring, "textColumn"), texts.Count == 1 ? texts[0] : null }.OfType<string>();
    }

    private static IReadOnlyList<string> Fields(string? given, string? trained, IEnumerable<string> usual) => given is not null ? [given] : [.. (trained is null ? usual : usual.Prepend(trained)).Distinct()];
}
