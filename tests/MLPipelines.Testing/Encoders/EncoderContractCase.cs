using MLPipelines.Encoders;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>An encoder, small.</summary>
/// <param name="create">
/// Makes the encoder with a dropout probability and a generator that draws weights and dropout masks: 2 layers or more, a width of 8 to 64,
/// at least 20 token ids, a maximum length of 12 to 64.
/// </param>
/// <param name="parameters">
/// The approved names and shapes of its parameters, one a line, sorted: <c>encoder.layer.0.output.dense.weight [16, 64]</c>. Taken from the reference
/// implementation, so that published checkpoints fit.
/// </param>
public sealed class EncoderContractCase(Func<double, Generator, nn.Module<EncoderInput, Tensor>> create, IReadOnlyList<string> parameters)
{
    /// <summary>Makes the encoder.</summary>
    public Func<double, Generator, nn.Module<EncoderInput, Tensor>> Create { get; } = create;

    /// <summary>The approved names and shapes.</summary>
    public IReadOnlyList<string> Parameters { get; } = parameters;

    /// <summary>
    /// Whether only the distance between two tokens matters, and not where they stand, as with rotary positions. Default: no.
    /// </summary>
    public bool IsShiftInvariant { get; init; }
}
