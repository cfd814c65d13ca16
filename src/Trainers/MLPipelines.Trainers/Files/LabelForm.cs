using System.Globalization;

namespace MLPipelines.Trainers.Files;

/// <summary>What a row of a data file says about its text.</summary>
enum LabelForm
{
    /// <summary>Exactly one label.</summary>
    One,

    /// <summary>Any number of labels, each perhaps with a probability.</summary>
    Many,

    /// <summary>How similar two texts are.</summary>
    Score,
}

/// <summary>How each form looks in a file.</summary>
static class LabelForms
{
    /// <summary>A line, for messages.</summary>
    public static string Example(this LabelForm form) => form switch
    {
        LabelForm.One => """{"text": "…", "label": "…"}""",
        LabelForm.Many => """{"text": "…", "labels": ["a", "b"]} or {"text": "…", "labels": {"a": 0.7, "b": 1}}""",
        _ => """{"text1": "…", "text2": "…", "score": 0.8}""",
    };

    /// <summary>What columns and fields are usually called; of several that are there, the first counts.</summary>
    public static (string[] Text, string[] Second, string[] Label) Names(this LabelForm form) => form switch
    {
        LabelForm.One => (["text", "text1"], ["text2"], ["label", "labels"]),
        LabelForm.Many => (["text", "text1"], ["text2"], ["labels", "label"]),
        _ => (["text1", "sentence1", "text"], ["text2", "sentence2"], ["score", "label"]),
    };

    /// <summary>A score as a file has it; null where it is no finite number.</summary>
    public static float? Score(string? text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && float.IsFinite(score) ? score : null;
}
