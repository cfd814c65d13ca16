namespace MLPipelines.Whitening;

/// <summary>What happens when more dimensions are asked for than the vectors span.</summary>
public enum RankPolicy
{
    /// <summary>Only the dimensions that the vectors span are kept, with a warning.</summary>
    Cut,

    /// <summary>It is an error.</summary>
    Refuse,
}
