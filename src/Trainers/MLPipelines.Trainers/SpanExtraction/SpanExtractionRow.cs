namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>A text and its gold spans, in the columns that the span extraction trainer reads by default.</summary>
/// <remarks>The three arrays have the same length, one element for each span. Spans may overlap and nest.</remarks>
public sealed class SpanExtractionRow
{
    /// <summary>The text.</summary>
    public string Text { get; set; } = "";

    /// <summary>First UTF-16 index of each span.</summary>
    public int[] Start { get; set; } = [];

    /// <summary>UTF-16 index after the last one of each span.</summary>
    public int[] End { get; set; } = [];

    /// <summary>The label of each span.</summary>
    public string[] Label { get; set; } = [];
}
