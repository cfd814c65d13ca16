using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>A padded batch of token sequences, as every encoder takes it. The tensors belong to the caller.</summary>
/// <param name="Ids">Token ids, int64 [B, T]. Padding positions hold any valid id.</param>
/// <param name="Mask">Bool [B, T], true = a real token. Every row has at least one real token.</param>
/// <param name="TokenTypes">Segment ids, int64 [B, T]; null stands for zero everywhere.</param>
public sealed record EncoderInput(Tensor Ids, Tensor Mask, Tensor? TokenTypes = null)
{
    /// <summary>Which keys each query sees, bool [B or 1, T, T] (row = query), on top of <see cref="Mask"/>; null lets every token see every token.</summary>
    /// <value>The default is null. <see cref="Layers.AttentionMasks"/> makes the usual ones.</value>
    public Tensor? Visible { get; init; }

    /// <summary>False promises that <see cref="Mask"/> is true everywhere, which saves the work of applying it.</summary>
    /// <value>The default is true.</value>
    public bool HasPadding { get; init; } = true;
}
