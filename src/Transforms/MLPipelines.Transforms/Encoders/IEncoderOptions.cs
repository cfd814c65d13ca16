using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>Implemented by the options of every encoder: what it takes to choose one by name and make it. To be sized as well: <see cref="IEncoderOptions{TSelf}"/>.</summary>
public interface IEncoderOptions : IParameterCount
{
    /// <summary>Makes the encoder, in float32 and in training mode. The caller owns it.</summary>
    /// <param name="generator">Where first values and dropout masks are drawn; must outlive the encoder. Null leaves weight matrices zero, for weights that are loaded afterwards.</param>
    /// <param name="device">
    /// Where the parameters are; null is the CPU. On <see cref="META"/> they have names, shapes and types, but no memory: enough to compare an architecture with a file.
    /// </param>
    /// <exception cref="ArgumentException">The options are out of range; the message lists every violation.</exception>
    IEncoder Create(Generator? generator = null, Device? device = null);
}
