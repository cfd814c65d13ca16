namespace MLPipelines.Trainers.Losses;

/// <summary>How the losses of the rows become one number.</summary>
public enum Reduction
{
    /// <summary>The mean over all rows.</summary>
    Mean,

    /// <summary>The sum over all rows.</summary>
    Sum,
}
