using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>An encoder that can show what each of its layers gave.</summary>
public interface IHiddenStates : IEncoder
{
    /// <summary>Encodes one batch and keeps what every layer gave.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>
    /// The embedding and then one tensor [B, T, H] per layer, so that the result of the first layer has index 1 and the last element is that of
    /// <see cref="IEncoder.forward"/>. The caller owns all of them.
    /// </returns>
    IReadOnlyList<Tensor> HiddenStates(EncoderInput input);
}
