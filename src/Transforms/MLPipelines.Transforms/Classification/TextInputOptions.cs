using System.ComponentModel.DataAnnotations;

namespace MLPipelines.Classification;

/// <summary>What a text scorer reads, and how.</summary>
public sealed record TextInputOptions
{
    /// <summary>The column with the text.</summary>
    /// <value>The default is <c>Text</c>.</value>
    [Required] public string TextColumn { get; init; } = "Text";

    /// <summary>The column with the second text of a pair; null for single texts. A pair longer than the encoder accepts is shortened at the end of its longer text.</summary>
    /// <value>The default is null.</value>
    public string? SecondTextColumn { get; init; }

    /// <summary>Whether the second text has segment id 1. The released RoFormerV2 models expect 0 everywhere.</summary>
    /// <value>The default is true.</value>
    public bool Segments { get; init; } = true;

    /// <summary>How many tokens neighbouring windows of a long text share. The scores of a long text are the means of its windows' scores, weighted by their lengths.</summary>
    /// <value>The default is 64.</value>
    [Range(0, 1_000_000)] public int WindowOverlap { get; init; } = 64;

    /// <summary>The largest number of tokens, padding included, in one forward pass; one sequence always fits.</summary>
    /// <value>The default is 4096.</value>
    [Range(1, int.MaxValue)] public int BatchTokens { get; init; } = 4096;

    /// <summary>How many rows a cursor may read ahead to batch rows of similar length.</summary>
    /// <value>The default is 512.</value>
    [Range(1, 1_000_000)] public int LookAhead { get; init; } = 512;
}
