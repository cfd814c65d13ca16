namespace MLPipelines.Trainers.Classification;

/// <summary>A text, or a pair of texts, with its class: a row of <c>mlContext.Data.LoadLabeledTexts</c>.</summary>
public sealed class ClassifiedText
{
    /// <summary>The text.</summary>
    public string Text { get; set; } = "";

    /// <summary>The second text of a pair; empty for single texts.</summary>
    public string SecondText { get; set; } = "";

    /// <summary>The class.</summary>
    public string Label { get; set; } = "";
}
