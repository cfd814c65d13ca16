using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>An encoder that is pre-trained by guessing hidden tokens, and knows the head that its family uses for it.</summary>
/// <remarks>
/// The output map is the token embedding itself. It belongs to the encoder alone and is passed to each call of the head, so it is neither saved nor stepped twice:
/// <c>logits = head.call(encoder.forward(input), encoder.TokenWeights)</c>. Parameter names of the head are those under <c>cls.predictions.</c> in published checkpoints.
/// </remarks>
public interface IMaskedLanguageModel : IEncoder
{
    /// <summary>A new handle to the token embedding [V, E]. The handle belongs to the caller, the values to the encoder.</summary>
    Parameter TokenWeights { get; }

    /// <summary>Makes the head of this family. The caller owns it.</summary>
    /// <param name="generator">For first values; not owned. Null leaves weight matrices zero, for weights that are loaded afterwards.</param>
    /// <param name="device">Where its parameters are; null is the CPU.</param>
    /// <returns>A module that takes hidden vectors […, H] and the token embedding [V, E] and gives scores […, V]. It may be without parameters of its own.</returns>
    nn.Module<Tensor, Tensor, Tensor> CreateLanguageModelHead(Generator? generator = null, Device? device = null);
}
