namespace MLPipelines.Persistence;

/// <summary>What to do with a tensor that holds NaN or an infinity.</summary>
public enum NonFinite
{
    /// <summary>It is an error. The default: weights that are not finite make every prediction meaningless.</summary>
    Reject,

    /// <summary>It is accepted, for tensors in which an infinity has a meaning.</summary>
    Allow,
}
