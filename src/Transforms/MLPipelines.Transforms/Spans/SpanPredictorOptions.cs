using System.ComponentModel.DataAnnotations;

namespace MLPipelines.Spans;

/// <summary>How spans are predicted.</summary>
public sealed record SpanPredictorOptions
{
    /// <summary>Spans have to score above it.</summary>
    /// <value>The default is 0, the threshold of the ZLPR loss. Lower finds more, higher is surer.</value>
    [Range(-1e6, 1e6)] public float Threshold { get; init; }

    /// <summary>Whether spans that share characters are all returned. If not, the best-scoring one of them stays (<see cref="FlatSpans"/>).</summary>
    /// <value>The default is true.</value>
    public bool KeepOverlapping { get; init; } = true;

    /// <summary>How many tokens neighbouring windows of a long text share: about the longest span that is found wherever it stands.</summary>
    /// <value>The default is 64.</value>
    [Range(0, 1_000_000)] public int Overlap { get; init; } = 64;

    /// <summary>The largest number of sequences in one forward pass.</summary>
    /// <value>The default is 64.</value>
    [Range(1, 65536)] public int BatchSize { get; init; } = 64;

    /// <summary>The largest number of span scores in one forward pass (sequences × entity types × length²), which bounds its memory; one sequence always fits.</summary>
    /// <value>The default is 33,554,432, that is 128 MiB of scores.</value>
    [Range(1, long.MaxValue)] public long MaximumCells { get; init; } = 1L << 25;
}
