using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Implemented by the options of every span head: what it takes to choose one by name and make it.</summary>
public interface ISpanHeadOptions
{
    /// <summary>The number of parameters that <see cref="Create"/> would make. Lets a model file be refused before memory is allocated because of a number in it.</summary>
    /// <param name="hidden">The width H of the token vectors.</param>
    /// <param name="entityTypes">The number of entity types E.</param>
    decimal CountParameters(int hidden, int entityTypes);

    /// <summary>Makes the head, in float32 on the CPU. The caller owns it.</summary>
    /// <param name="hidden">The width H of the token vectors.</param>
    /// <param name="entityTypes">The number of entity types E.</param>
    /// <param name="maximumLength">The longest sequence.</param>
    /// <param name="generator">For first values; not owned. Null leaves weight matrices zero, for weights that are loaded afterwards.</param>
    /// <exception cref="ArgumentException">The options are out of range; the message lists every violation.</exception>
    ISpanHead Create(int hidden, int entityTypes, int maximumLength, Generator? generator = null);
}
