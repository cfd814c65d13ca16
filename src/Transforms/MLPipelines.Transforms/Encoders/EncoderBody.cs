using MLPipelines.Layers;
using static TorchSharp.torch;

namespace MLPipelines.Encoders;

/// <summary>What every encoder does with its parts: embed, bring to the hidden width, hide what is not to be seen, and apply the layers.</summary>
/// <param name="MaximumLength">The longest sequence, special tokens included.</param>
/// <param name="Embeddings">Gives [B, T, E].</param>
/// <param name="Projection">Maps E to the hidden width H; null where they are the same.</param>
/// <param name="Layers">The layers, of width H.</param>
/// <remarks>No module itself and owner of nothing: the encoder registers the parts under the parameter names of its checkpoints.</remarks>
public sealed record EncoderBody(int MaximumLength, TokenTypeEmbedding Embeddings, Dense? Projection, LayerStack Layers)
{
    /// <inheritdoc cref="IEncoder.forward"/>
    /// <param name="input">The batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sequences are longer than <see cref="MaximumLength"/>.</exception>
    public Tensor Encode(EncoderInput input) => EncoderPieces.CanSplit(input) && !Layers.training ? EncoderPieces.Encode(input, EncodeWhole) : EncodeWhole(input);

    Tensor EncodeWhole(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var hidden = Embed(input);
        using var mask = new AttentionMask(input, hidden.dtype);
        return Layers.call(hidden, mask).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="IHiddenStates.HiddenStates"/>
    /// <exception cref="ArgumentOutOfRangeException">The sequences are longer than <see cref="MaximumLength"/>.</exception>
    public IReadOnlyList<Tensor> HiddenStates(EncoderInput input)
    {
        using var scope = NewDisposeScope();
        var hidden = Embed(input);
        using var mask = new AttentionMask(input, hidden.dtype);
        return [.. Layers.States(hidden, mask).Select(state => state.MoveToOuterDisposeScope())];
    }

    Tensor Embed(EncoderInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var length = input.Ids.shape[1];
        if (length > MaximumLength) throw Failures.SequenceTooLong(length, MaximumLength);
        var embedded = Embeddings.call(input); // [B, T, E]
        return Projection is null ? embedded : Projection.call(embedded); // [B, T, H]
    }
}
