namespace MLPipelines.Trainers.SentencePairs;

/// <summary>Two texts and how similar they are, in the columns that the sentence-pair trainer reads by default.</summary>
public sealed class SentencePairRow
{
    /// <summary>The first text.</summary>
    public string Text { get; set; } = "";

    /// <summary>The second text.</summary>
    public string SecondText { get; set; } = "";

    /// <summary>How similar they are: the higher, the more.</summary>
    public float Score { get; set; }
}
