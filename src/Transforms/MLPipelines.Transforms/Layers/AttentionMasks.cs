using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Which key each query may look at, as bool tensors with queries in rows and keys in columns; true = visible.</summary>
/// <remarks>They are for <see cref="Encoders.EncoderInput.Visible"/>; the encoder hides padding keys itself. Source: https://kexue.fm/archives/6933.</remarks>
public static class AttentionMasks
{
    /// <summary>Language model: a token sees itself and what stands before it.</summary>
    /// <param name="length">The number of tokens T.</param>
    /// <param name="device">Where the mask is made; null is the CPU.</param>
    /// <returns>[1, T, T].</returns>
    public static Tensor Causal(long length, Device? device = null) => ones(1, length, length, ScalarType.Bool, device ?? CPU).tril_();

    /// <summary>Sequence to sequence (UniLM): tokens of segment 0 see each other, a token of segment 1 sees segment 0, itself and what stands before it.</summary>
    /// <param name="segments">Segment ids 0 and 1, int64 [B, T], the source before the target.</param>
    /// <returns>[B, T, T].</returns>
    /// <remarks>Source: https://arxiv.org/abs/1905.03197.</remarks>
    public static Tensor SequenceToSequence(Tensor segments)
    {
        using var reach = segments.cumsum(1); // [B, T]
        using var keys = reach.unsqueeze(1);
        using var queries = reach.unsqueeze(2);
        return keys.le(queries);
    }

    /// <summary>Two segments without any edge between them; inside each of them as <see cref="SequenceToSequence"/>.</summary>
    /// <param name="segments">Segment ids 0 and 1, int64 [B, T].</param>
    /// <returns>[B, T, T].</returns>
    /// <remarks>Source: https://kexue.fm/archives/8475.</remarks>
    public static Tensor IndependentSegments(Tensor segments)
    {
        using var keys = segments.unsqueeze(1);
        using var queries = segments.unsqueeze(2);
        using var same = keys.eq(queries);
        using var visible = SequenceToSequence(segments);
        return same.logical_and(visible);
    }

    /// <summary><see cref="IndependentSegments"/>, and every token also sees the first one, which then carries the code of an auto-encoder.</summary>
    /// <param name="segments">Segment ids 0 and 1, int64 [B, T].</param>
    /// <returns>[B, T, T].</returns>
    /// <remarks>Source: https://kexue.fm/archives/8475.</remarks>
    public static Tensor SegmentsThroughFirstToken(Tensor segments)
    {
        var visible = IndependentSegments(segments);
        using var first = visible.narrow(2, 0, 1);
        first.fill_(1);
        return visible;
    }
}
