namespace MLPipelines.Encoders;

/// <summary>Implemented by the options of a part that has weights: how many numbers it will hold.</summary>
/// <remarks>Lets a model file be refused before memory is allocated because of a number in it.</remarks>
public interface IParameterCount
{
    /// <summary>The number of parameters, or a number that they will exceed.</summary>
    decimal CountParameters();
}
