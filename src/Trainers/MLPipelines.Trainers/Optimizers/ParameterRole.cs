namespace MLPipelines.Trainers.Optimizers;

/// <summary>What a parameter is in its module. Some optimisers treat roles differently.</summary>
public enum ParameterRole
{
    /// <summary>The weight of a map, or anything else with two axes or more.</summary>
    Matrix,

    /// <summary>A table of vectors, of which a step uses some rows.</summary>
    Embedding,

    /// <summary>What a layer or a norm adds.</summary>
    Bias,

    /// <summary>What a norm multiplies with.</summary>
    Gain,
}
