namespace MLPipelines.Layers;

/// <summary>How the vectors of a sequence's tokens become one vector.</summary>
public enum TextPooling
{
    /// <summary>The vector of the first token, [CLS].</summary>
    First,

    /// <summary>The mean over all real tokens.</summary>
    Mean,

    /// <summary>The largest value of each element over all real tokens.</summary>
    Max,

    /// <summary>Mean and maximum side by side, twice as wide.</summary>
    MeanMax,
}
