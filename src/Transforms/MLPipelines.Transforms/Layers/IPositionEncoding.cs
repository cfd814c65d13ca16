using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Puts the position of a token into its query and its key, and into its value where an attention says so.</summary>
/// <remarks>Shared between layers, which do not own it. Thread-safe.</remarks>
public interface IPositionEncoding
{
    /// <summary>Encodes positions 0 … T−1.</summary>
    /// <param name="vectors">[B, T, …, D]; not changed.</param>
    /// <returns>A fresh tensor of the same shape and type.</returns>
    Tensor Encode(Tensor vectors);
}
