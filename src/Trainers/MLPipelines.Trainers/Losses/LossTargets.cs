namespace MLPipelines.Trainers.Losses;

/// <summary>What a loss takes as targets, by which a trainer knows whether it fits its labels.</summary>
public enum LossTargets
{
    /// <summary>For each class how probable it is, in [0, 1], whatever the others are.</summary>
    Probabilities,

    /// <summary>For each class whether it is true; a probability counts as one or the other.</summary>
    Certain,

    /// <summary>The one class that is true, or a distribution over the classes.</summary>
    OneClass,

    /// <summary>The indices of the classes that are true.</summary>
    Indices,

    /// <summary>Something else.</summary>
    Other,
}
