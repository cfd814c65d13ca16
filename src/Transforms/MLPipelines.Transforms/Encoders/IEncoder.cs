using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>Turns token sequences into one vector per token.</summary>
/// <remarks>
/// An implementation is also an <see cref="nn.Module{T, TResult}"/> of the same input and result, so that it takes part in a larger model.
/// In eval mode <see cref="forward"/> is safe for concurrent use; in training mode it is not, because dropout draws from one generator.
/// It never disposes or changes its input and returns a fresh tensor that the caller owns.
/// Padding never changes the vectors of real tokens by more than rounding.
/// </remarks>
public interface IEncoder
{
    /// <summary>The width H of the vectors.</summary>
    int HiddenSize { get; }

    /// <summary>The longest sequence accepted, special tokens included. A longer one is an <see cref="ArgumentOutOfRangeException"/>.</summary>
    int MaximumLength { get; }

    /// <summary>The number of rows of the token embedding; every id must be below it.</summary>
    int VocabularySize { get; }

    /// <summary>The options record that makes an encoder of the same architecture; saved in models.</summary>
    object Settings { get; }

    /// <summary>Encodes one batch.</summary>
    /// <returns>[B, T, H] in the dtype and on the device of the parameters.</returns>
    Tensor forward(EncoderInput input);
}
