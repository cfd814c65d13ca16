namespace MLPipelines.Trainers.MultiLabel;

/// <summary>A text with its labels, in the columns that the multi-label trainer reads by default.</summary>
public sealed class MultiLabelRow
{
    /// <summary>The text.</summary>
    public string Text { get; set; } = "";

    /// <summary>The second text of a pair; empty for single texts.</summary>
    public string SecondText { get; set; } = "";

    /// <summary>The labels that apply, or may apply.</summary>
    public string[] Label { get; set; } = [];

    /// <summary>How far each of them applies, in [0, 1]; as many as there are labels.</summary>
    public float[] LabelProbability { get; set; } = [];
}
