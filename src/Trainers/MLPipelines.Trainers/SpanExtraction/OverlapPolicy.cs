namespace MLPipelines.Trainers.SpanExtraction;

/// <summary>What becomes of predicted spans that share characters.</summary>
public enum OverlapPolicy
{
    /// <summary><see cref="Keep"/> where any two spans of a training text overlap, <see cref="BestOnly"/> where none do.</summary>
    FromData,

    /// <summary>All are returned: overlapping and nested annotation.</summary>
    Keep,

    /// <summary>The best-scoring one stays: flat annotation.</summary>
    BestOnly,
}
